// Filled by the accounts tests.
