//! The table of a network's modules.

use super::*;

const TABLE: &str = "\
Mixed                                      output        parameters  multiply-adds
──────────────────────────────────────────────────────────────────────────────────
image                                      [4, 6, 6]
words                                      [u32; 3]
├─ table: Embedding(10, 6)                 [3, 6]                60              -
├─ tower: Tower(6)                         [3, 6]                84            216
│  └─ parts: ModuleList                                          84            216
│     ├─ 0: Linear(6, 6)                   [3, 6]                42            108
│     ├─ 1: Linear(6, 6)                   [3, 6]                42            108
│     └─ 2: Tanh                           [3, 6]                 -              -
├─ body: Sequential                        [4, 6, 6]            312         10,656
│  ├─ 0: Residual(4)                       [4, 6, 6]            156          5,328
│  │  ├─ conv: Conv2d(4, 4, 3, padding=1)  [4, 6, 6]            148          5,184
│  │  └─ bn: BatchNorm2d(4)                [4, 6, 6]              8            144
│  └─ 1: Residual(4)                       [4, 6, 6]            156          5,328
│     ├─ conv: Conv2d(4, 4, 3, padding=1)  [4, 6, 6]            148          5,184
│     └─ bn: BatchNorm2d(4)                [4, 6, 6]              8            144
└─ point: Conv2d(4, 4, 1) ×2               [4, 6, 6]             20          1,152
──────────────────────────────────────────────────────────────────────────────────
total                                                           476         12,024
of which frozen                                                  84
";

#[test]
fn blocks_and_lists_are_a_tree() {
    let text = Mixed::summary().to_string();
    assert!(text.starts_with(TABLE), "{text}");
}

#[test]
fn depth_hides_what_lies_deeper() {
    let text = Mixed::summary().depth(1).to_string();
    assert!(text.contains("tower: Tower(6)") && !text.contains("parts"), "{text}");
    let total = |text: &str| text.lines().find(|line| line.starts_with("total")).map(str::to_string);
    let numbers = |text: &str| total(text).map(|line| line.split_whitespace().skip(1).collect::<String>());
    assert_eq!(numbers(&text), numbers(&Mixed::summary().to_string()));
}

/// What the modules and the functions outside of them cost is what the network costs.
#[test]
fn the_rows_add_up() {
    let of = Mixed::DESCRIPTION;
    assert_eq!(of.modules.iter().map(|module| module.parameters).sum::<usize>(), Mixed::PARAMETERS);
    assert_eq!(of.steps.iter().map(|step| step.macs).sum::<usize>(), Mixed::MACS);
}
