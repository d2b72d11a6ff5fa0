//! What nobody uses: values, layers and blocks.

use super::{Builder, LeftOut};
use crate::ir::{self, Content};

impl Builder<'_> {
    /// Takes away the layers that only branches call which are not taken, and reports what else nobody uses.
    pub(super) fn settle_unused(&mut self) {
        if self.errors.is_empty() && self.is_followed {
            self.take_away();
            self.report_unused();
        }
    }

    fn take_away(&mut self) {
        let (network, mut gone) = (&mut *self.network, std::mem::take(&mut self.left_out));
        gone.layers.retain(|place| network.layers[*place].first_use.is_none());
        gone.blocks.retain(|label| network.runs.iter().all(|run| run.label != *label));
        if gone.layers.is_empty() && gone.blocks.is_empty() {
            return;
        }
        without(&mut network.root, &gone);
        let mut kept = Vec::new();
        network.root.layers(&mut kept);
        kept.sort_unstable();
        let place = |layer: &mut usize| {
            *layer = kept.binary_search(layer).expect("no operation calls a layer that is taken away");
        };
        let mut places = 0..;
        network.layers.retain(|_| kept.binary_search(&places.next().expect("no end")).is_ok());
        network.ops.iter_mut().filter_map(|op| op.layer.as_mut()).for_each(place);
        renumber(&mut network.root, &place);
    }

    fn report_unused(&self) {
        self.report_uncalled(&self.network.root);
        let unused = self.network.values.iter().filter(|value| value.uses == 0 && !value.discarded);
        unused.for_each(|value| self.errors.push(never_used(value)));
    }

    /// Whether a field is called, or something in it: a block need not have layers.
    fn is_called(&self, child: &ir::Child) -> bool {
        match &child.content {
            Content::Layer(layer) => self.network.layers[*layer].first_use.is_some(),
            Content::Group(_, inner) | Content::Network(_, inner) => {
                let is_run = self.network.runs.iter().any(|run| run.label == inner.label);
                is_run || inner.children.iter().any(|child| self.is_called(child))
            }
        }
    }

    /// Layers and blocks that nobody calls.
    fn report_uncalled(&self, group: &ir::Group) {
        for child in &group.children {
            let message = |name: &str| format!("`{name}` is declared but never called in `forward`");
            match &child.content {
                Content::Layer(layer) => {
                    let layer = &self.network.layers[*layer];
                    if layer.first_use.is_none() && layer.is_held() {
                        let (name, label) = (layer.entry.name, &layer.label);
                        let message = format!(
                            "`{label}` is declared but never used in `forward`: a {name} is a value, `x + {label}`"
                        );
                        self.errors.at(&child.place, message);
                    } else if layer.first_use.is_none() {
                        self.errors.at(&child.place, message(&layer.label));
                    }
                }
                Content::Group(_, inner) | Content::Network(_, inner) => {
                    if self.is_called(child) {
                        self.report_uncalled(inner);
                    } else {
                        self.errors.at(&child.place, message(&child.place.to_string()));
                    }
                }
            }
        }
    }
}

fn never_used(value: &ir::Value) -> syn::Error {
    let name = &value.name;
    let is_result = name.contains(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let (span, message) = match &value.taken {
        Some(name) => {
            (name.span(), format!("`{name}` is never used: use it, or write `_` in its place, or `let _ = {name};`"))
        }
        None if is_result => {
            (value.span, format!("the result of `{name}` is never used: use it, or discard it by `let _`"))
        }
        None => (value.span, format!("`{name}` is never used: use it, or discard it, `let _ = {name};`")),
    };
    syn::Error::new(span, message)
}

/// Takes the fields away that hold nothing else; the entries of a list keep their numbers, so they all go or stay.
fn without(group: &mut ir::Group, gone: &LeftOut) {
    if !group.tuple {
        group.children.retain(|child| !is_gone(child, gone));
    }
    for child in &mut group.children {
        if let Content::Group(_, inner) | Content::Network(_, inner) = &mut child.content {
            without(inner, gone);
        }
    }
}

fn is_gone(child: &ir::Child, gone: &LeftOut) -> bool {
    match &child.content {
        Content::Layer(layer) => gone.layers.contains(layer),
        Content::Group(_, inner) | Content::Network(_, inner) if inner.children.is_empty() => {
            gone.blocks.contains(&inner.label)
        }
        Content::Group(_, inner) | Content::Network(_, inner) => {
            inner.children.iter().all(|child| is_gone(child, gone))
        }
    }
}

fn renumber(group: &mut ir::Group, place: &impl Fn(&mut usize)) {
    for child in &mut group.children {
        match &mut child.content {
            Content::Layer(layer) => place(layer),
            Content::Group(_, inner) | Content::Network(_, inner) => renumber(inner, place),
        }
    }
}
