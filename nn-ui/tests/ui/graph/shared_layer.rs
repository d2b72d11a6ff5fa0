//@ mend: wide(narrow(x))
//@ to: narrow(x)

use nn::prelude::*;

network! {
    pub struct Shared: [8] -> [8] {
        narrow: Linear(8, 8),
        wide: Linear(8, 16),
    }
    forward(x) {
        let h = wide(x);
        let _ = h;
        let y = narrow(x);
        narrow(wide(narrow(x))) + y
    }
}

fn main() {}
