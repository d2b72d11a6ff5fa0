#!/usr/bin/env python3
"""Writes random.rs: random networks in the nn language, for finite differences. Run: python3 tests/gradients/generate.py

A network is a random graph: each step applies a layer, a function, or an operator to one or two values that exist already; values of
different sizes meet in cat, or are brought to one size first. Shared layers, fan-out and several results come up by chance.
"""

import random
from pathlib import Path

COUNT = 60


class Net:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.layers, self.lines = [], []
        channels, size = self.r.choice([1, 2, 3, 4]), self.r.choice([3, 4, 5, 7])
        self.input = (channels, size, size + self.r.choice([-1, 0, 1]))
        self.values = {"x": self.input}
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

    def use(self, value):
        if value in self.unused:
            self.unused.remove(value)

    def let(self, expression, shape, *used):
        for value in used:
            self.use(value)
        name = self.name("v")
        self.lines.append(f"let {name} = {expression};")
        self.values[name] = shape
        self.unused.append(name)
        return name

    def layer(self, text):
        name = self.name("l")
        self.layers.append(f"{name}: {text},")
        return name

    def conv(self):
        x = self.pick()
        c, h, w = self.values[x]
        out = self.r.choice([2, 4, 6])
        groups = self.r.choice([g for g in (1, 1, 2) if c % g == 0 and out % g == 0])
        kernel, stride, pad = self.r.choice([1, 2, 3]), self.r.choice([1, 1, 2]), self.r.choice([0, 1])
        if min(h, w) + 2 * pad < kernel:
            return
        oh, ow = ((s + 2 * pad - kernel) // stride + 1 for s in (h, w))
        mode = self.r.choice(["zeros", "zeros", "replicate", "circular"])
        bias = self.r.choice(["", ", bias = false"])
        text = f'Conv2d({c}, {out}, {kernel}, stride = {stride}, padding = {pad}, groups = {groups}, padding_mode = "{mode}"{bias})'
        self.let(f"{self.layer(text)}({x})", (out, oh, ow), x)

    def transposed(self):
        x = self.pick()
        c, h, w = self.values[x]
        out = self.r.choice([1, 2, 3])
        self.let(f"{self.layer(f'ConvTranspose2d({c}, {out}, 2, stride = 1)')}({x})", (out, h + 1, w + 1), x)

    def norm(self):
        x = self.pick()
        c, h, w = self.values[x]
        self.let(f"{self.layer(f'BatchNorm2d({c})')}({x})", (c, h, w), x)

    def own_norm(self):
        """A norm of each sample; eps keeps differences finite where values are equal."""
        x = self.pick()
        c, h, w = self.values[x]
        groups = self.r.choice([g for g in (1, 2, 3) if c % g == 0])
        layers = [f"LayerNorm({w}, eps = 0.1)", f"LayerNorm(({h}, {w}), 0.1, bias = false)", f"RMSNorm(({c}, {h}, {w}), 0.1)", "LocalResponseNorm(3, 0.5)"]
        if c * h * w > groups:
            layers.append(f"GroupNorm({groups}, {c}, 0.1)")
        if h * w > 1:
            layers.append(f"InstanceNorm2d({c}, 0.1, affine = true)")
        self.let(f"{self.layer(self.r.choice(layers))}({x})", (c, h, w), x)

    def gate(self):
        x = self.pick()
        c, h, w = self.values[x]
        if c % 2 == 0:
            self.let(f"glu({x}, dim = 1)", (c // 2, h, w), x)
        elif c > 1:
            self.let(f"normalize({x}, p = 2.0, dim = 1)", (c, h, w), x)

    def smooth(self):
        x = self.pick()
        function = self.r.choice(["tanh", "sigmoid", "gelu"])
        self.let(f"{function}({x})", self.values[x], x)

    def average(self):
        x = self.pick()
        c, h, w = self.values[x]
        if min(h, w) < 2:
            return
        self.let(f"{self.layer('AvgPool2d(2, stride = 1)')}({x})", (c, h - 1, w - 1), x)

    def operator(self):
        x = self.pick()
        partners = [y for y, shape in self.values.items() if shape == self.values[x]]
        y = self.r.choice(partners)
        self.let(f"{x} {self.r.choice('+-*')} {y}", self.values[x], x, y)

    def constant(self):
        x = self.pick()
        self.let(self.r.choice([f"{x} * 0.5", f"1.5 - {x}", f"{x} / 2.0", f"-{x}"]), self.values[x], x)

    def cat(self):
        x = self.pick()
        partners = [y for y, shape in self.values.items() if shape[1:] == self.values[x][1:]]
        y = self.r.choice(partners)
        c, h, w = self.values[x]
        self.let(f"cat([{x}, {y}], dim = 1)", (c + self.values[y][0], h, w), x, y)

    def shared(self):
        x = self.pick()
        c, h, w = self.values[x]
        layer = self.layer(f"Conv2d({c}, {c}, 3, padding = 1)")
        first = self.let(f"{layer}({x})", (c, h, w), x)
        self.let(f"{layer}(tanh({first}))", (c, h, w), first)

    def attention(self):
        """Attention between the channels of two values, each a sequence."""
        x = self.pick()
        c, h, w = self.values[x]
        y = self.r.choice(list(self.values))
        cy, hy, wy = self.values[y]
        heads = self.r.choice([n for n in (1, 2, 3) if (h * w) % n == 0])
        options = self.r.choice(["", ", bias = false", ", add_bias_kv = true", ", add_zero_attn = true"])
        layer = self.layer(f"MultiheadAttention({h * w}, {heads}{options}, kdim = {hy * wy}, vdim = {hy * wy})")
        q, m, o = (self.name("v") for _ in range(3))
        call = self.r.choice(["", ", is_causal = true", ", need_weights = false"])
        self.lines += [
            f"let {q} = flatten({x}, 2);",
            f"let {m} = flatten({y}, 2);",
            f"let ({o}, _) = {layer}({q}, {m}, {m}{call});",
        ]
        self.let(f"unflatten({o}, 2, ({h}, {w}))", (c, h, w), x, y)

    def transpose(self):
        x = self.pick()
        c, h, w = self.values[x]
        self.let(f"transpose({x}, 2, 3)", (c, w, h), x)

    def pad(self):
        x = self.pick()
        c, h, w = self.values[x]
        left, right, top, bottom = (self.r.choice([-1, 0, 1]) for _ in range(4))
        if min(h, w) < 3:
            return
        mode = self.r.choice(["constant", "reflect", "replicate", "circular"])
        self.let(f'pad({x}, ({left}, {right}, {top}, {bottom}), mode = "{mode}")', (c, h + top + bottom, w + left + right), x)

    def resample(self):
        x = self.pick()
        c = self.values[x][0]
        h, w = self.r.choice([2, 4, 5]), self.r.choice([3, 4, 6])
        mode = self.r.choice(["nearest", "nearest-exact", "bilinear", "bicubic", "area"])
        corners = self.r.choice(["", ", align_corners = true"]) if mode.startswith("bi") else ""
        self.let(f'interpolate({x}, size = ({h}, {w}), mode = "{mode}"{corners})', (c, h, w), x)

    def shuffle(self):
        x = self.pick()
        c, h, w = self.values[x]
        if c % 4 == 0:
            self.let(f"pixel_shuffle({x}, 2)", (c // 4, 2 * h, 2 * w), x)
        elif c % 2 == 0:
            self.let(f"channel_shuffle({x}, 2)", (c, h, w), x)
        elif h % 2 == 0 and w % 2 == 0:
            self.let(f"pixel_unshuffle({x}, 2)", (4 * c, h // 2, w // 2), x)

    def text(self, index):
        steps = [self.conv, self.conv, self.conv, self.transposed, self.norm, self.smooth, self.smooth, self.average, self.operator,
                 self.operator, self.constant, self.cat, self.shared, self.transpose, self.attention,
                 self.pad, self.resample, self.shuffle, self.own_norm, self.own_norm, self.gate]
        for _ in range(self.r.randrange(4, 12)):
            self.r.choice(steps)()
        results = [f"mean({value}, dim = (2, 3))" for value in self.unused]
        joined = results[0] if len(results) == 1 else f"cat([{', '.join(results)}], dim = 1)"
        features = sum(self.values[value][0] for value in self.unused)
        head = self.layer(f"Linear({features}, 3)")
        body = "\n".join(f"            {line}" for line in self.lines)
        layers = "\n".join(f"            {line}" for line in self.layers)
        c, h, w = self.input
        return f"""case! {{ random{index},
    network! {{
        #[element(f64)]
        pub struct Net: [{c}, {h}, {w}] -> [3] {{
{layers}
        }}
        forward(x) {{
{body}
            {head}({joined})
        }}
    }}
}}
"""


def main():
    header = "//! Random networks. Written by generate.py: change that, not this.\n\n"
    texts = [Net(1000 + index).text(index) for index in range(COUNT)]
    Path(__file__).with_name("random.rs").write_text(header + "\n".join(texts))


if __name__ == "__main__":
    main()
