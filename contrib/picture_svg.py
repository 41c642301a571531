"""A terminal of 80 columns, drawn as SVG: the whole text is there from the beginning, selectable, and CSS makes it visible
at its time. Without animations, or if the reader wants no motion, everything is visible. Used by contrib/pictures.
"""

import itertools
import unicodedata
from html import escape

COLUMNS = 80
ROWS = 26
# The sizes of a character cell and of the margin, in user units.
WIDTH, HEIGHT, MARGIN = 8.4, 20, 16
BASELINE = 15
# The time at the end of the story until it begins again, in seconds.
HOLD = 5.0

STYLE = """\
text{font:14px ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;\
white-space:pre;fill:#1f2328}
.b{fill:#f6f8fa;stroke:#d1d9e0}
.p{fill:#59636e}
.c{fill:#0550ae;font-weight:600}
.k{fill:#818b98}
@media (prefers-color-scheme:dark){
text{fill:#e6edf3}
.b{fill:#0d1117;stroke:#3d444d}
.p{fill:#9198a1}
.c{fill:#79c0ff}
}
"""


class Failure(Exception):
    """A conversation that cannot be drawn."""


def number(value):
    """A number in as few digits as needed."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


class Screen:
    """Text that appears over time."""

    def __init__(self):
        # The seconds since the beginning.
        self.seconds = 0.0
        # Lines of characters, each with its class and the time at which it appears.
        self.lines = [[]]
        # The times at which the cursor moves, and its line and column from then on.
        self.cursor = {}
        self.unread = 0

    def write(self, text, style=""):
        """Shows characters."""
        for character in text:
            if not character.isprintable() or unicodedata.east_asian_width(character) in "WF":
                raise Failure(f"a character that is not one column wide: {character!r}")
            self.lines[-1].append((character, style, self.seconds))
        self.cursor[self.seconds] = (len(self.lines) - 1, len(self.lines[-1]))

    def end_line(self):
        """Begins a new line."""
        self.lines.append([])
        self.cursor[self.seconds] = (len(self.lines) - 1, 0)
        self.unread += 1

    def prompt(self):
        """Shows the shell's prompt."""
        self.write("$ ", "p")
        self.read()

    def read(self):
        """Waits until a reader has read the lines above."""
        self.seconds += min(2.0, 0.45 + 0.25 * self.unread)
        self.unread = 0

    def command(self, text):
        """Types a command, and waits until it has started."""
        self.type(text)
        self.seconds += 0.15

    def output(self, text):
        """Shows a line that a program prints."""
        self.write(text)
        self.end_line()

    def question(self, text):
        """Shows a line that a program prints and after which it reads."""
        self.write(text + " ")
        self.read()

    def type(self, text, is_shown=True):
        """Types text and Enter, at a speed that depends on the text only."""
        for index, key in enumerate(text):
            self.seconds += 0.03 + (ord(key) * 7 + index * 13) % 5 * 0.005 + (0.03 if key in " /-:@" else 0)
            if is_shown:
                self.write(key, "c")
        self.seconds += 0.2
        self.end_line()
        self.unread = 0

    def rows(self):
        """The lines, wrapped as a terminal wraps them."""
        for line in self.lines:
            yield from (line[start:start + COLUMNS] for start in range(0, max(len(line), 1), COLUMNS))

    def place(self, line, column):
        """The row and the column on the screen of a column of a line."""
        above = sum(max(1, -(-len(other) // COLUMNS)) for other in self.lines[:line])
        return above + column // COLUMNS, column % COLUMNS

    def svg(self, title, description, is_animated):
        """The picture."""
        rows = list(self.rows())
        if len(rows) > ROWS:
            raise Failure(f"{len(rows)} rows; at most {ROWS}")
        length = self.seconds + HOLD
        times = sorted({time for row in rows for _, _, time in row if time > 0})
        names = {time: f"a{index}" for index, time in enumerate(times)} if is_animated else {}
        width, height = COLUMNS * WIDTH + 2 * MARGIN, len(rows) * HEIGHT + 2 * MARGIN
        last = self.place(len(self.lines) - 1, len(self.lines[-1]))
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(width)}" height="{number(height)}" '
            f'viewBox="0 0 {number(width)} {number(height)}" role="img" aria-labelledby="title text" xml:space="preserve">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="text">{escape(description)}</desc>',
            f"<style>{STYLE}{self.animation(names, length, last) if is_animated else ''}</style>",
            f'<rect class="b" x=".5" y=".5" width="{number(width - 1)}" height="{number(height - 1)}" rx="8"/>',
            f'<rect class="k" x="{number(MARGIN + last[1] * WIDTH)}" y="{number(MARGIN + last[0] * HEIGHT)}" '
            f'width="{WIDTH}" height="{HEIGHT - 2}"/>',
            *(self.row(row, index, names) for index, row in enumerate(rows) if row),
            "</svg>",
        ]) + "\n"

    @staticmethod
    def row(row, index, names):
        """A row of text, whose length does not depend on the font."""
        parts = []
        for (style, time), characters in itertools.groupby(row, lambda item: (item[1], item[2] if names else 0)):
            classes = " ".join(filter(None, [style, names.get(time)]))
            text = escape("".join(character for character, _, _ in characters), quote=False)
            parts.append(f'<tspan class="{classes}">{text}</tspan>' if classes else text)
        return (f'<text x="{MARGIN}" y="{MARGIN + index * HEIGHT + BASELINE}" '
                f'textLength="{number(len(row) * WIDTH)}">{"".join(parts)}</text>')

    def animation(self, names, length, last):
        """The style that makes each text visible at its time, and moves the cursor."""
        moves = []
        for time, place in self.cursor.items():
            row, column = self.place(*place)
            left, up = number((column - last[1]) * WIDTH), number((row - last[0]) * HEIGHT)
            moves.append(f"{number(100 * time / length)}%{{transform:translate({left}px,{up}px)}}")
        return "\n".join([
            "@media (prefers-reduced-motion:no-preference){",
            f"tspan,.k{{animation:k {number(length)}s step-end infinite}}",
            "tspan{animation-name:none}",
            *(f".{name}{{animation-name:{name}}}" for name in names.values()),
            "}",
            *(f"@keyframes {name}{{0%{{visibility:hidden}}{number(100 * time / length)}%{{visibility:visible}}}}"
              for time, name in names.items()),
            f"@keyframes k{{{''.join(moves)}}}",
        ]) + "\n"
