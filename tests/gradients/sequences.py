#!/usr/bin/env python3
"""Writes sequences.rs: random networks of sequences and indices, for finite differences. Run: python3 tests/gradients/sequences.py

As generate.py, but a value is a sequence [T, F], and beside the numbers there come indices: recurrent layers with all their options and
states that are handed on, their cells, embeddings and bags, attention, and what is usually between them.
"""

import random
from pathlib import Path

COUNT = 40


class Net:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.layers, self.lines = [], []
        self.steps, features, self.words = self.r.choice([1, 2, 3, 5]), self.r.choice([1, 2, 3, 4]), self.r.choice([1, 4])
        self.features = features
        self.bags = self.r.choice([1, 3])
        self.values = {"x": (self.steps, features)}
        self.unused = ["x"]
        self.count = 0

    def name(self, prefix):
        self.count += 1
        return f"{prefix}{self.count}"

    def pick(self):
        """An unused value if there is one, else any: so that everything is used in the end and some values are used often."""
        if self.unused and self.r.random() < 0.7:
            return self.unused[0]
        return self.r.choice(list(self.values))

    def let(self, expression, shape, *used, pattern="{}"):
        for value in used:
            if value in self.unused:
                self.unused.remove(value)
        name = self.name("v")
        self.lines.append(f"let {pattern.format(name)} = {expression};")
        self.values[name] = shape
        self.unused.append(name)
        return name

    def layer(self, text):
        name = self.name("l")
        self.layers.append(f"{name}: {text},")
        return name

    def recurrent(self):
        """One that reads a sequence, and perhaps another that reads on from its last state."""
        x = self.pick()
        (t, f), hidden, layers = self.values[x], self.r.choice([1, 2, 3]), self.r.choice([1, 1, 2, 3])
        kind, both = self.r.choice(["RNN", "LSTM", "LSTM", "GRU"]), self.r.choice([False, True])
        options = f", num_layers = {layers}" if layers > 1 else ""
        options += self.r.choice(["", ", bias = false"]) + (", bidirectional = true" if both else "")
        out = hidden
        if kind == "LSTM" and hidden > 1 and self.r.random() < 0.5:
            out = hidden - 1
            options += f", proj_size = {out}"
        width = out * (2 if both else 1)
        state = self.name("s")
        reader = self.layer(f"{kind}({f}, {hidden}{options})")
        goes_on = self.r.random() < 0.5
        self.let(f"{reader}({x})", (t, width), x, pattern=f"({{}}, {state if goes_on else '_'})")
        if goes_on:
            y = self.pick()
            t, f = self.values[y]
            pair = state
            if kind == "LSTM":
                h, c = self.name("s"), self.name("s")
                self.lines[-1] = self.lines[-1].replace(f", {state})", f", ({h}, {c}))")
                pair = f"({h}, {c})"
            writer = self.layer(f"{kind}({f}, {hidden}{options})")
            self.let(f"{writer}({y}, {pair})", (t, width), y, pattern="({}, _)")

    def cell(self):
        """Two steps of a cell, which give a sequence of one."""
        x = self.pick()
        (t, f), hidden = self.values[x], self.r.choice([1, 2, 4])
        kind = self.r.choice(["RNNCell", "LSTMCell", "GRUCell"])
        layer = self.layer(f"{kind}({f}, {hidden}{self.r.choice(['', ', bias = false'])})")
        first, last = f"select({x}, 1, 0)", f"select({x}, 1, {t - 1})"
        if kind == "LSTMCell":
            h, c, g = self.name("s"), self.name("s"), self.name("s")
            self.lines += [f"let ({h}, {c}) = {layer}({first});", f"let ({g}, {c}) = {layer}({last}, ({h}, {c}));"]
            self.let(f"unsqueeze({g} + {c}, 1)", (1, hidden), x)
        else:
            h = self.name("s")
            self.lines.append(f"let {h} = {layer}({last}, {layer}({first}));")
            self.let(f"unsqueeze({h}, 1)", (1, hidden), x)

    def embedding(self):
        dim, options = self.r.choice([1, 2, 3]), self.r.choice(["", ", padding_idx = 4", ""])
        self.let(f"{self.layer(f'Embedding(5, {dim}{options})')}(words)", (self.words, dim))

    def bag(self):
        dim, mode = self.r.choice([1, 2, 3]), self.r.choice(["sum", "mean", "max"])
        padding = self.r.choice(["", ", padding_idx = 1"])
        self.let(f"{self.layer(f'EmbeddingBag(5, {dim}, mode = {chr(34)}{mode}{chr(34)}{padding})')}(bags)", (self.bags, dim))

    def linear(self):
        x = self.pick()
        (t, f), out = self.values[x], self.r.choice([1, 2, 3, 4])
        self.let(f"{self.layer(f'Linear({f}, {out})')}({x})", (t, out), x)

    def norm(self):
        x = self.pick()
        self.let(f"{self.layer(f'LayerNorm({self.values[x][1]}, eps = 0.1)')}({x})", self.values[x], x)

    def smooth(self):
        x = self.pick()
        self.let(f"{self.r.choice(['tanh', 'sigmoid', 'gelu'])}({x})", self.values[x], x)

    def operator(self):
        x = self.pick()
        y = self.r.choice([y for y, shape in self.values.items() if shape == self.values[x]])
        self.let(f"{x} {self.r.choice('+-*')} {y}", self.values[x], x, y)

    def cat(self):
        x = self.pick()
        y = self.r.choice([y for y, shape in self.values.items() if shape[1] == self.values[x][1]])
        self.let(f"cat([{x}, {y}], dim = 1)", (self.values[x][0] + self.values[y][0], self.values[x][1]), x, y)

    def flip(self):
        x = self.pick()
        self.let(f"flip({x}, 1)", self.values[x], x)

    def attention(self):
        x, y = self.pick(), self.r.choice(list(self.values))
        (t, f), other = self.values[x], self.values[y][1]
        heads = self.r.choice([n for n in (1, 2) if f % n == 0])
        layer = self.layer(f"MultiheadAttention({f}, {heads}, kdim = {other}, vdim = {other})")
        self.let(f"{layer}({x}, {y}, {y})", (t, f), x, y, pattern="({}, _)")

    def text(self, index):
        steps = [self.recurrent] * 5 + [self.cell] * 2 + [self.bag, self.linear, self.norm, self.smooth, self.operator, self.operator,
                 self.cat, self.flip, self.attention]
        self.embedding()
        self.bag()
        for _ in range(self.r.randrange(3, 9)):
            self.r.choice(steps)()
        results = [f"mean({value}, dim = 1)" for value in self.unused]
        joined = results[0] if len(results) == 1 else f"cat([{', '.join(results)}], dim = 1)"
        head = self.layer(f"Linear({sum(self.values[value][1] for value in self.unused)}, 3)")
        body = "\n".join(f"            {line}" for line in self.lines)
        layers = "\n".join(f"            {line}" for line in self.layers)
        return f"""case! {{ sequence{index},
    network! {{
        #[element(f64)]
        pub struct Net: ([{self.steps}, {self.features}], [u32; {self.words}], [[u32; 2]; {self.bags}]) -> [3] {{
{layers}
        }}
        forward(x, words, bags) {{
{body}
            {head}({joined})
        }}
    }}
}}
"""


def main():
    header = "//! Random networks of sequences. Written by sequences.py: change that, not this.\n\n"
    texts = [Net(3000 + index).text(index) for index in range(COUNT)]
    Path(__file__).with_name("sequences.rs").write_text(header + "\n".join(texts))


if __name__ == "__main__":
    main()
