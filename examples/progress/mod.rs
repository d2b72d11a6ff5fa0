//! A bar, which shows nothing where there is no terminal, and a line for each epoch.

use indicatif::{ProgressBar, ProgressStyle};
use nn::train::{Epoch, Observer, Plan, Step};

pub(crate) struct Progress<F> {
    bar: ProgressBar,
    line: F,
}

/// `line` says what is printed of an epoch.
pub(crate) fn progress<F: FnMut(&Epoch) -> String>(line: F) -> Progress<F> {
    Progress { bar: ProgressBar::no_length(), line }
}

impl<F: FnMut(&Epoch) -> String> Observer for Progress<F> {
    fn begin(&mut self, plan: &Plan) {
        let style = ProgressStyle::with_template("{bar:40} {percent:>3} %, {eta} to go").expect("it is well formed");
        self.bar.set_style(style);
        self.bar.set_length((plan.epochs * plan.steps) as u64);
    }

    fn step(&mut self, _: &Step) {
        self.bar.inc(1);
    }

    fn epoch(&mut self, epoch: &Epoch) {
        let line = (self.line)(epoch);
        self.bar.suspend(|| println!("{line}"));
        if epoch.number == epoch.of {
            self.bar.finish_and_clear();
        }
    }
}
