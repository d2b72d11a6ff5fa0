//! The README's first code is an example that runs.

#[test]
fn the_first_code_is_the_first_example() {
    let read = |path: &str| {
        std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).expect("the file is there")
    };
    let (readme, example) = (read("README.md"), read("examples/first.rs"));
    let code =
        readme.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the README shows code");
    assert!(example.ends_with(code), "examples/first.rs and the README's first code differ");
}
