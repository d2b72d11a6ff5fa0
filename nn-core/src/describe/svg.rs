//! A network's graph as a picture.

use alloc::string::String;
use core::fmt::{self, Write};

use super::layout::{self, Cluster, Holds, Sizes};
use super::{Description, Escaped, Run, label, way};

/// Room at the borders.
const MARGIN: f32 = 16.0;
const FONT: f32 = 11.0;
const SMALL: f32 = 9.5;
/// Longer texts are cut.
const LONGEST: usize = 48;

/// The text of an SVG file.
pub(crate) fn svg(name: &str, of: &Description) -> String {
    let mut text = String::new();
    // A string takes everything.
    let _ = draw(name, of, &mut text);
    text
}

fn draw(name: &str, of: &Description, f: &mut String) -> fmt::Result {
    let all = layout::network(of, &Texts(of));
    let (width, height) = (all.width + 2.0 * MARGIN, all.height + 2.0 * MARGIN);
    writeln!(
        f,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\">"
    )?;
    writeln!(f, "<title>{name}</title>")?;
    f.write_str(STYLE)?;
    writeln!(f, "<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#fff\"/>")?;
    cluster(of, &all, MARGIN, MARGIN, f)?;
    f.write_str("</svg>\n")
}

const STYLE: &str = "<defs><marker id=\"to\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"6\" markerHeight=\"6\" orient=\"auto\">\
<path d=\"M0 0.5 L8 4 L0 7.5 Z\" fill=\"#6b7785\"/></marker></defs>
<style>text{font-family:Helvetica,Arial,sans-serif;text-anchor:middle}.n{font-size:11px;fill:#1d2733}.s{font-size:9.5px;fill:#66727f}\
.b{paint-order:stroke;stroke:#f7f8f9;stroke-width:4px;font-size:10px;font-weight:bold;fill:#52606d;text-anchor:start}.l{fill:none;stroke:#6b7785;stroke-width:1.2}.to{marker-end:url(#to)}\
.r{fill:#1f2d3d;fill-opacity:.035;stroke:#b4bfca}.w{fill:#dceafc;stroke:#7ea8dc}.f{fill:#f1f3f6;stroke:#b4bfca}.o{fill:#fdf2d3;stroke:#d9bc66}\
.v{fill:#e3f4e3;stroke:#86bd86}</style>
";

/// What stands in the boxes.
struct Texts<'a>(&'a Description);

impl Texts<'_> {
    /// The upper line.
    fn title(&self, holds: Holds, f: &mut dyn Write) -> fmt::Result {
        match holds {
            Holds::In(value) => f.write_str(self.0.inputs.get(value).copied().unwrap_or_default()),
            Holds::Out(_) => f.write_str("output"),
            Holds::Step(step) => {
                let step = &self.0.steps[step];
                label(self.0, step, f)?;
                step.layer.map_or(Ok(()), |layer| write!(f, ": {}", self.0.modules[layer].text))
            }
            Holds::Run(run) => {
                let Run { module, parent } = self.0.runs[run];
                way(self.0, module, parent, f)?;
                write!(f, ": {}", self.0.modules[module].class)
            }
            Holds::Bend(_) => Ok(()),
        }
    }

    fn whole(&self, holds: Holds) -> String {
        let mut text = String::new();
        // A string takes everything.
        let _ = self.title(holds, &mut text);
        text
    }

    /// The title, cut where it is too long.
    fn line(&self, holds: Holds) -> String {
        let text = self.whole(holds);
        if text.chars().count() <= LONGEST {
            return text;
        }
        text.chars().take(LONGEST - 1).chain(['…']).collect()
    }

    /// The lower line.
    fn shape(&self, holds: Holds) -> String {
        let value = match holds {
            Holds::Step(step) => self.0.steps[step].outputs.first().copied(),
            Holds::In(value) | Holds::Out(value) => Some(value),
            Holds::Run(_) | Holds::Bend(_) => None,
        };
        value.map_or_else(String::new, |value| shape(self.0, value))
    }

    /// An operator, which is a circle with one sign.
    fn is_sign(&self, holds: Holds) -> bool {
        matches!(holds, Holds::Step(step) if self.0.steps[step].function.chars().count() == 1)
    }

    /// A port of a block: only a line.
    fn is_port(&self, holds: Holds, is_network: bool) -> bool {
        !is_network && matches!(holds, Holds::In(_) | Holds::Out(_))
    }
}

fn shape(of: &Description, value: usize) -> String {
    nn_shape::Message::new().shape(of.values[value]).as_str().into()
}

/// How wide a text is, more or less: letters of Helvetica have half their height.
fn width(text: &str, font: f32) -> f32 {
    let letter = |letter| match letter {
        'i' | 'j' | 'l' | 't' | 'f' | 'I' | '.' | ',' | ':' | '(' | ')' | '[' | ']' | ' ' | '\'' | '|' => 0.3,
        'm' | 'w' | 'M' | 'W' | '=' | '+' | '<' | '>' | '…' => 0.8,
        'A'..='Z' => 0.68,
        _ => 0.55,
    };
    text.chars().map(letter).sum::<f32>() * font
}

impl Sizes for Texts<'_> {
    fn of(&self, holds: Holds, is_network: bool) -> (f32, f32) {
        if self.is_port(holds, is_network) || matches!(holds, Holds::Bend(_)) {
            return (4.0, 0.0);
        }
        if self.is_sign(holds) {
            return (22.0, 22.0);
        }
        let text = width(&self.line(holds), FONT).max(width(&self.shape(holds), SMALL));
        (text + 18.0, 34.0)
    }

    fn name(&self, run: usize) -> f32 {
        width(&self.line(Holds::Run(run)), FONT)
    }
}

/// What a block holds, lines first, so that boxes and names lie above them.
fn cluster(of: &Description, cluster: &Cluster, left: f32, top: f32, f: &mut String) -> fmt::Result {
    for item in cluster.items.iter().filter(|item| item.inner.is_some()) {
        let (x, y) = (left + item.x - item.width / 2.0, top + item.y);
        writeln!(
            f,
            "<rect class=\"r\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"7\"/>",
            item.width, item.height
        )?;
    }
    for link in 0..cluster.links.len() {
        line(of, cluster, link, left, top, f)?;
    }
    let texts = Texts(of);
    for item in &cluster.items {
        let (x, y) = (left + item.x, top + item.y);
        match (&item.inner, item.holds) {
            (Some(inner), _) => {
                let (left, top) = (x - inner.width / 2.0, y + layout::HEAD);
                for port in inner.items.iter().filter(|port| matches!(port.holds, Holds::In(_))) {
                    let x = left + port.x;
                    writeln!(f, "<path class=\"l\" d=\"M{x:.1} {y:.1}V{:.1}\"/>", top + port.y)?;
                }
                self::cluster(of, inner, left, top, f)?;
                write!(f, "<text class=\"b\" x=\"{:.1}\" y=\"{:.1}\">", x - item.width / 2.0 + 8.0, y + 13.0)?;
                escaped(&texts.line(item.holds), f)?;
                writeln!(f, "</text>")?;
            }
            (None, holds) if item.height > 0.0 => self::item(&texts, holds, (x, y), (item.width, item.height), f)?,
            _ => {}
        }
    }
    Ok(())
}

/// A layer, a function, an input or an output.
fn item(
    texts: &Texts<'_>,
    holds: Holds,
    (x, y): (f32, f32),
    (width, height): (f32, f32),
    f: &mut String,
) -> fmt::Result {
    let class = match holds {
        Holds::Step(step) => match texts.0.steps[step].layer {
            Some(layer) if texts.0.modules[layer].parameters > 0 => "w",
            Some(_) => "f",
            None => "o",
        },
        _ => "v",
    };
    f.write_str("<g><title>")?;
    escaped(&texts.whole(holds), f)?;
    write!(f, " {}</title>", texts.shape(holds))?;
    let (title, shape) = (texts.line(holds), texts.shape(holds));
    if texts.is_sign(holds) {
        write!(
            f,
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{:.1}\" r=\"{:.1}\"/>",
            y + height / 2.0,
            height / 2.0
        )?;
        write!(f, "<text class=\"n\" x=\"{x:.1}\" y=\"{:.1}\">", y + height / 2.0 + 4.0)?;
    } else {
        let left = x - width / 2.0;
        write!(
            f,
            "<rect class=\"{class}\" x=\"{left:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"5\"/>"
        )?;
        write!(f, "<text class=\"s\" x=\"{x:.1}\" y=\"{:.1}\">{shape}</text>", y + 28.0)?;
        write!(f, "<text class=\"n\" x=\"{x:.1}\" y=\"{:.1}\">", y + 15.0)?;
    }
    escaped(&title, f)?;
    writeln!(f, "</text></g>")
}

/// A line: straight through the layers, a curve between them.
fn line(of: &Description, cluster: &Cluster, link: usize, left: f32, top: f32, f: &mut String) -> fmt::Result {
    let link = &cluster.links[link];
    let (from, to) = (&cluster.items[link.from], &cluster.items[link.to]);
    let (x, to_x) = (
        left + from.x + cluster.port(link.from, link.value, true),
        left + to.x + cluster.port(link.to, link.value, false) + aside(cluster, link),
    );
    let (y, bottom) = (top + from.y + from.height, top + cluster.bands[from.layer].1);
    let (upper, to_y) = (top + cluster.bands[to.layer].0, top + to.y);
    let middle = (bottom + upper) / 2.0;
    let bend = matches!(from.holds, Holds::Bend(_));
    let to_y = if matches!(to.holds, Holds::Bend(_)) { upper } else { to_y };
    let y = if bend { top + cluster.bands[from.layer].0 } else { y };
    let class = if to.height > 0.0 && to.inner.is_none() { "l to" } else { "l" };
    write!(f, "<path class=\"{class}\" d=\"M{x:.1} {y:.1}V{bottom:.1}")?;
    if (x - to_x).abs() < 0.05 {
        write!(f, "V{to_y:.1}")?;
    } else {
        write!(f, "C{x:.1} {middle:.1} {to_x:.1} {middle:.1} {to_x:.1} {upper:.1}V{to_y:.1}")?;
    }
    writeln!(f, "\"><title>{}</title></path>", shape(of, link.value))
}

/// Several lines that come into one box do so side by side.
fn aside(cluster: &Cluster, link: &layout::Link) -> f32 {
    let to = &cluster.items[link.to];
    if to.inner.is_some() || to.height == 0.0 {
        return 0.0;
    }
    let start = |link: &layout::Link| cluster.items[link.from].x + cluster.port(link.from, link.value, true);
    let others = cluster.links.iter().filter(|other| other.to == link.to);
    let (count, before) = others.fold((0, 0), |(count, before), other| {
        let first =
            start(other) < start(link) || (start(other) == start(link) && (other as *const _) < (link as *const _));
        (count + 1, before + usize::from(first))
    });
    (before as f32 - (count - 1) as f32 / 2.0) * (14.0_f32).min((to.width - 10.0) / count as f32)
}

fn escaped(text: &str, f: &mut String) -> fmt::Result {
    Escaped {
        f,
        escape: |letter| match letter {
            '&' => Some("&amp;"),
            '<' => Some("&lt;"),
            '>' => Some("&gt;"),
            '"' => Some("&quot;"),
            _ => None,
        },
    }
    .write_str(text)
}
