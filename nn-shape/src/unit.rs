//! What is common to operations without anything to learn.

/// The methods of an operation that has no parameters; `|operation| macs` counts its multiply-adds.
macro_rules! without_parameters {
    ($operation:ident, |$this:pat_param| $macs:expr) => {
        impl $operation {
            /// None.
            pub const fn generics(&self) -> [usize; 6] {
                [0; 6]
            }

            /// None.
            pub const fn parts(&self) -> [bool; 4] {
                [false; 4]
            }

            /// Nothing.
            pub const fn inferred(&self) -> usize {
                0
            }

            /// None.
            pub const fn parameters(&self) -> usize {
                0
            }

            /// Multiply-adds for one sample.
            pub const fn macs(&self) -> usize {
                let $this = self;
                $macs
            }
        }
    };
}
pub(crate) use without_parameters;
