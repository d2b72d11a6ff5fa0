//! The table of a network's modules.

use super::*;

const TABLE: &str = "";

#[test]
fn blocks_and_lists_are_a_tree() {
    assert_eq!(format!("\n{}", Mixed::summary()), TABLE);
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
