//! Text with numbers in it, built by `const fn`s: `panic!` in a constant cannot format.

use crate::{At, Element, Maker, Shape, Violation};

const CAPACITY: usize = 1024;

/// A text of at most 1024 bytes, extended by each call; what does not fit is cut.
#[derive(Clone, Copy)]
pub struct Message {
    bytes: [u8; CAPACITY],
    len: usize,
}

impl Message {
    /// An empty text.
    pub const fn new() -> Message {
        Message { bytes: [0; CAPACITY], len: 0 }
    }

    /// The headline of a violation: `LeNet5.conv2: title`.
    pub const fn title(at: &At, title: &str) -> Message {
        Message::new().text(at.network).text(".").text(at.layer).text(": ").text(title)
    }

    /// The line that states the rule.
    pub const fn rule(self, rule: &str) -> Message {
        self.text("\n  rule : ").text(rule)
    }

    /// Begins the line that states what was found.
    pub const fn found(self, text: &str) -> Message {
        self.text("\n  found: ").text(text)
    }

    /// Begins the line that states what to write instead.
    pub const fn fix(self, text: &str) -> Message {
        self.text("\n  fix  : ").text(text)
    }

    /// The finished message, blaming an argument by its place in the signature, or [`crate::LAYER`].
    pub const fn blame(self, argument: usize) -> Option<Violation> {
        Some(Violation { argument, message: self })
    }

    /// The same where there is a violation for sure.
    pub const fn violation(self, argument: usize) -> Violation {
        Violation { argument, message: self }
    }

    /// Appends a text.
    pub const fn text(mut self, text: &str) -> Message {
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() && self.len < CAPACITY {
            self.bytes[self.len] = bytes[i];
            self.len += 1;
            i += 1;
        }
        self
    }

    /// Appends a number.
    pub const fn number(mut self, value: usize) -> Message {
        let mut digits = [0; 20];
        let mut count = 0;
        let mut rest = value;
        loop {
            digits[count] = b'0' + (rest % 10) as u8;
            count += 1;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        while count > 0 && self.len < CAPACITY {
            count -= 1;
            self.bytes[self.len] = digits[count];
            self.len += 1;
        }
        self
    }

    /// Appends a signed number.
    pub const fn integer(self, value: i64) -> Message {
        let text = if value < 0 { self.text("-") } else { self };
        text.number(value.unsigned_abs() as usize)
    }

    /// Appends a real number with at most six decimals.
    pub const fn real(self, value: f64) -> Message {
        if value.is_nan() {
            return self.text("NaN");
        }
        let text = if value < 0.0 { self.text("-") } else { self };
        let size = if value < 0.0 { -value } else { value };
        if size > 1e15 {
            return text.text("inf");
        }
        let millionths = (size * 1e6 + 0.5) as usize;
        let mut text = text.number(millionths / 1_000_000).text(".");
        let mut rest = millionths % 1_000_000;
        let mut unit = 100_000;
        loop {
            text = text.number(rest / unit);
            rest %= unit;
            unit /= 10;
            if rest == 0 || unit == 0 {
                return text;
            }
        }
    }

    /// Appends a shape: `[6, 14, 14]`; of indices `[[u32; 14]; 6]`.
    pub const fn shape(self, shape: Shape) -> Message {
        if matches!(shape.element(), Element::Index) {
            return self.index_shape(shape);
        }
        let mut text = self.text("[");
        let mut axis = 0;
        while axis < shape.rank() {
            if axis > 0 {
                text = text.text(", ");
            }
            text = text.number(shape.dim(axis));
            axis += 1;
        }
        text.text("]")
    }

    const fn index_shape(self, shape: Shape) -> Message {
        let mut text = self;
        let mut axis = 0;
        while axis < shape.rank() {
            text = text.text("[");
            axis += 1;
        }
        text = text.text("u32");
        while axis > 0 {
            axis -= 1;
            text = text.text("; ").number(shape.dim(axis)).text("]");
        }
        text
    }

    /// Appends "`name` produces [6, 14, 14]" for one of the operation's inputs.
    pub const fn source(self, at: &At, input: usize, shape: Shape) -> Message {
        self.text("`").text(at.source(input)).text("` produces ").shape(shape)
    }

    /// Appends " or _", where that may be written.
    pub const fn or_infer(self, at: &At) -> Message {
        if at.infers { self.text(" or _") } else { self }
    }

    /// Appends ", or make `conv1` produce 8 channels", if there is someone who can.
    pub const fn or_make(self, at: &At, input: usize, count: usize, what: &str) -> Message {
        match at.maker(input) {
            Maker::Nobody => self,
            Maker::Layer(layer) => self.text(", or make `").text(layer).text("` produce ").number(count).text(what),
            Maker::Header => self
                .text(", or give `")
                .text(at.source(input))
                .text("` ")
                .number(count)
                .text(what)
                .text(" in the header"),
        }
    }

    /// The text so far.
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "nn: this message was cut inside a character",
        }
    }
}

impl Default for Message {
    fn default() -> Self {
        Message::new()
    }
}
