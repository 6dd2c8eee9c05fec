//! The examples in the long explanations of the checker's codes give the errors they explain.

use super::run;

#[test]
fn examples_fail_as_explained() {
    let mut wrong = vec![];
    for explanation in snow_diagnostics::registry::all() {
        let own = ["E03", "E04", "E05", "E06"].iter().any(|stage| explanation.code.starts_with(stage));
        let fence = format!("```snow fail {}\n", explanation.code);
        let Some((_, rest)) = explanation.text.split_once(&fence) else { continue };
        let example = rest.split("```").next().unwrap_or_default();
        let errors = run(example).errors();
        let codes: Vec<&str> = errors.lines().filter_map(|line| line.split(' ').next()).collect();
        if own && codes != [explanation.code] {
            wrong.push(format!("{}:\n{errors}", explanation.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
