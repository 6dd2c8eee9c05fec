//! Several files in one text, as examples and small projects are written.

/// The files of `text`: a line `# name.snow` starts one (or `.toml`, `.lock`, with folders); what stands before the first
/// is the file `first`.
pub fn parts(text: &str, first: &str) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let name = line.strip_prefix("# ").filter(|rest| is_file_name(rest));
        match (name, parts.last_mut()) {
            (Some(name), _) => parts.push((name.to_owned(), String::new())),
            (None, Some(part)) => part.1.push_str(&format!("{line}\n")),
            (None, None) => parts.push((first.to_owned(), format!("{line}\n"))),
        }
    }
    parts
}

fn is_file_name(text: &str) -> bool {
    [".snow", ".toml", ".lock"].iter().any(|end| text.ends_with(end)) && !text.contains(' ')
}
