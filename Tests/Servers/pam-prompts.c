// A PAM module (pam(3)) that asks what a file says and records the answers, for a server that lies.
//
// Arguments: a file of prompts, each with a NUL byte after it; a file for the answers, each with a line feed after it;
// and optionally `accept`. Without it, every authentication fails.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// libpam's headers need not be installed.
struct pam_message {
  int msg_style;
  const char *msg;
};
struct pam_response {
  char *resp;
  int resp_retcode;
};
struct pam_conv {
  int (*conv)(int, const struct pam_message **, struct pam_response **, void *);
  void *appdata_ptr;
};
extern int pam_get_item(const void *handle, int item, const void **value);
enum { success = 0, authentication_error = 7, conversation = 5, prompt_without_echo = 1 };

int pam_sm_authenticate(void *handle, int flags, int count, const char **arguments) {
  (void)flags;
  const struct pam_conv *program = NULL;
  if (count < 2 || pam_get_item(handle, conversation, (const void **)&program) != success || !program)
    return authentication_error;
  FILE *prompts = fopen(arguments[0], "r");
  FILE *answers = fopen(arguments[1], "a");
  char *prompt = NULL;
  size_t size = 0;
  while (prompts && answers && getdelim(&prompt, &size, 0, prompts) > 0) {
    struct pam_message message = {prompt_without_echo, prompt};
    const struct pam_message *messages = &message;
    struct pam_response *responses = NULL;
    if (program->conv(1, &messages, &responses, program->appdata_ptr) != success) break;
    fprintf(answers, "%s\n", responses && responses->resp ? responses->resp : "");
    fflush(answers);
    if (responses) free(responses->resp);
    free(responses);
  }
  free(prompt);
  if (prompts) fclose(prompts);
  if (answers) fclose(answers);
  return count > 2 && !strcmp(arguments[2], "accept") ? success : authentication_error;
}

int pam_sm_setcred(void *handle, int flags, int count, const char **arguments) {
  (void)handle, (void)flags, (void)count, (void)arguments;
  return success;
}
