//! Which function of a module is meant by a name that other languages have for it?
//!
//! The table knows words, not modules: a word counts only where the module has a function of that name, so a meaning that
//! depends on the module (`count` of a list takes a test, `len` none) is told by the order of the answers.

use crate::nearest::{Near, nearest};

/// Names of other languages with those that Snow may have for them, the likeliest first.
const MEANINGS: &[(&[&str], &[&str])] = &[
    (&["len", "size", "count", "length"], &["length", "size"]),
    (&["upcase", "upper", "uppercase", "to_uppercase", "to_upper_case"], &["to_upper"]),
    (&["downcase", "lower", "lowercase", "to_lowercase", "to_lower_case"], &["to_lower"]),
    (&["trim_leading", "trim_left", "ltrim", "lstrip"], &["trim_start"]),
    (&["trim_trailing", "trim_right", "rtrim", "rstrip"], &["trim_end"]),
    (&["strip", "trim_space"], &["trim"]),
    (&["push", "push_back", "add", "append", "snoc"], &["append", "add", "push"]),
    (&["push_front", "unshift", "cons"], &["prepend"]),
    (&["contains", "contains_key", "member", "is_member", "has", "includes"], &["contains", "has_key"]),
    (&["insert", "set", "store", "add", "put_new"], &["put", "add", "insert", "set"]),
    (&["erase", "remove", "remove_at", "unset", "pop"], &["delete", "remove", "remove_at"]),
    (&["fetch", "lookup", "get_option", "get"], &["find", "get", "at"]),
    (&["elem", "fetch_at"], &["get", "nth", "at"]),
    (&["get_or_default", "get_or_else", "get_with_default", "fetch_or"], &["get_or"]),
    (&["ok_or"], &["to_result"]),
    (&["unwrap_or_default", "get_or_else", "default", "value_or", "with_default"], &["unwrap_or"]),
    (&["fold", "foldl", "fold_left", "inject", "accumulate"], &["reduce"]),
    (&["foldr", "fold_right"], &["reduce_right"]),
    (&["for_each", "foreach", "iter", "walk"], &["each"]),
    (&["select", "keep"], &["filter"]),
    (&["concat_map", "flatmap", "bind", "then"], &["flat_map", "and_then"]),
    (&["collect_map", "transform"], &["map"]),
    (&["reverse", "reversed", "rev"], &["reverse"]),
    (&["sorted", "order"], &["sort"]),
    (&["sort_with", "sort_by_key", "sort_on"], &["sort_by"]),
    (&["uniq", "distinct", "unique"], &["unique", "dedup"]),
    (&["any", "some", "exists"], &["any"]),
    (&["all", "every"], &["all"]),
    (&["first", "hd", "car"], &["head", "first"]),
    (&["tl", "cdr"], &["tail", "rest"]),
    (&["final", "peek_back"], &["last"]),
    (&["chunk_every", "chunks", "chunks_of", "sliding_window", "sized_chunk"], &["chunk"]),
    (&["with_index", "indexed", "each_with_index"], &["enumerate", "map_indexed"]),
    (&["split_with", "partition_by"], &["partition"]),
    (&["join", "concat", "implode"], &["join", "concat"]),
    (&["explode"], &["split"]),
    (&["find_all"], &["filter"]),
    (&["replace_all", "gsub"], &["replace"]),
    (&["substr", "substring", "sub"], &["slice"]),
    (&["char_at", "nth"], &["at", "get"]),
    (&["find", "index", "position"], &["index_of", "find_index"]),
    (&["pad_leading", "ljust", "pad_start"], &["pad_left"]),
    (&["pad_trailing", "rjust", "pad_end"], &["pad_right"]),
    (&["to_i", "to_integer", "parse_int", "atoi"], &["to_int", "parse"]),
    (&["to_f", "parse_float"], &["to_float", "parse"]),
    (&["from_range"], &["range", "collect"]),
    (&["from_list", "from", "of"], &["from_list", "to_set"]),
    (&["to_s", "str", "show"], &["to_string"]),
    (&["empty", "make"], &["new"]),
    (&["empty", "blank", "is_blank"], &["is_empty"]),
    (&["keep_keys", "items"], &["entries", "to_list"]),
    (&["duplicate", "replicate", "times"], &["repeat"]),
    (&["maximum", "max_element"], &["max"]),
    (&["minimum", "min_element"], &["min"]),
    (&["rem", "modulo"], &["mod"]),
    (&["power", "exp"], &["pow"]),
    (&["merge_all", "union", "extend", "update"], &["merge", "union", "concat"]),
    (&["puts", "print_line", "write_line"], &["println"]),
];

/// The function among `candidates` that `name` probably means: one that other languages call so, otherwise the nearest
/// by spelling. O(table + candidates · length²).
pub fn nearest_function<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<Near> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let plain = in_snow_case(name);
    let known = |wanted: &str| candidates.iter().find(|c| **c == wanted && wanted != name);
    let meant = known(&plain).or_else(|| {
        let meanings = MEANINGS.iter().filter(|(names, _)| names.contains(&plain.as_str()));
        meanings.flat_map(|(_, own)| own.iter()).find_map(|own| known(own))
    });
    match meant {
        Some(meant) => Some(Near { name: (*meant).to_owned(), sure: false }),
        None => nearest(name, candidates),
    }
}

/// `toUpperCase` as `to_upper_case`.
fn in_snow_case(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(name: &str, candidates: &[&str]) -> Option<String> {
        nearest_function(name, candidates.iter().copied()).map(|near| near.name)
    }

    #[test]
    fn words_of_other_languages_are_known() {
        assert_eq!(meant("toUpperCase", &["to_lower", "to_upper"]).as_deref(), Some("to_upper"));
        assert_eq!(meant("len", &["count", "length"]).as_deref(), Some("length"));
        assert_eq!(meant("size", &["length", "is_empty"]).as_deref(), Some("length"));
        assert_eq!(meant("toString", &["to_string"]).as_deref(), Some("to_string"));
    }

    #[test]
    fn a_word_counts_only_where_its_meaning_is_there() {
        assert_eq!(meant("upcase", &["length"]), None);
        assert_eq!(meant("lenght", &["length"]).as_deref(), Some("length"));
    }
}
