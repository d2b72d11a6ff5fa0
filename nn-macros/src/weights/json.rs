//! As much of JSON as the header of a safetensors file needs: objects, lists, texts and whole numbers.

use std::str::Chars;

/// A value.
#[derive(Debug)]
pub(crate) enum Value {
    Object(Vec<(String, Value)>),
    List(Vec<Value>),
    Text(String),
    Number(usize),
}

impl Value {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Object(entries) => entries.iter().find(|(own, _)| own == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// A list of numbers.
    pub(crate) fn sizes(&self) -> Option<Vec<usize>> {
        let Value::List(values) = self else { return None };
        values.iter().map(|value| if let Value::Number(number) = value { Some(*number) } else { None }).collect()
    }
}

/// The value that the text is, all of it.
pub(crate) fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text.chars(), depth: 0 };
    let value = reader.value()?;
    reader.next().is_none().then_some(value)
}

struct Reader<'a> {
    rest: Chars<'a>,
    depth: usize,
}

impl Reader<'_> {
    /// The next character that is not space.
    fn next(&mut self) -> Option<char> {
        self.rest.find(|c| !matches!(c, ' ' | '\t' | '\n' | '\r'))
    }

    fn value(&mut self) -> Option<Value> {
        let first = self.next()?;
        self.value_from(first)
    }

    fn value_from(&mut self, first: char) -> Option<Value> {
        // A header is three deep.
        self.depth += 1;
        if self.depth > 8 {
            return None;
        }
        let value = match first {
            '{' => Value::Object(self.items('}', |reader, first| {
                let name = if first == '"' { reader.text()? } else { return None };
                (reader.next()? == ':').then_some(())?;
                Some((name, reader.value()?))
            })?),
            '[' => Value::List(self.items(']', Reader::value_from)?),
            '"' => Value::Text(self.text()?),
            '0'..='9' => self.number(first)?,
            _ => return None,
        };
        self.depth -= 1;
        Some(value)
    }

    /// Items with commas between them; each is told its first character.
    fn items<T>(&mut self, end: char, item: impl Fn(&mut Self, char) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        let mut next = self.next()?;
        while next != end {
            items.push(item(self, next)?);
            next = self.next()?;
            if next == ',' {
                next = self.next().filter(|next| *next != end)?;
            } else if next != end {
                return None;
            }
        }
        Some(items)
    }

    fn number(&mut self, first: char) -> Option<Value> {
        let mut number = first.to_digit(10)? as usize;
        loop {
            let mut ahead = self.rest.clone();
            match ahead.next().and_then(|c| c.to_digit(10)) {
                Some(digit) => number = number.checked_mul(10)?.checked_add(digit as usize)?,
                None => return Some(Value::Number(number)),
            }
            self.rest = ahead;
        }
    }

    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            match self.rest.next()? {
                '"' => return Some(text),
                '\\' => text.push(match self.rest.next()? {
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => self.unicode()?,
                    c @ ('"' | '\\' | '/') => c,
                    _ => return None,
                }),
                c => text.push(c),
            }
        }
    }

    /// Four hexadecimal digits, or twice four where one UTF-16 unit is not enough.
    fn unicode(&mut self) -> Option<char> {
        let first = self.unit()?;
        let units = match first {
            0xd800..=0xdbff => {
                (self.rest.next()? == '\\' && self.rest.next()? == 'u').then_some(())?;
                vec![first, self.unit()?]
            }
            _ => vec![first],
        };
        char::decode_utf16(units).next()?.ok()
    }

    fn unit(&mut self) -> Option<u16> {
        (0..4).try_fold(0, |unit, _| Some(unit << 4 | self.rest.next()?.to_digit(16)? as u16))
    }
}
