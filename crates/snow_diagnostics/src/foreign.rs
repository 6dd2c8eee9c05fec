//! What is meant by a word that other languages have? Keywords, types, names, modules, functions: all that is known of what
//! newcomers write stands here, and in no other place.
//!
//! The tables know words, not programs: where a word may stand, and what else is wrong there, is the asker's business. Of a
//! function of a module a word counts only where the module has a function of that name, so a meaning that depends on the
//! module (`count` of a list takes a test, `len` none) is told by the order of the answers.

use crate::nearest::{Near, nearest};

/// Words that start a statement or an item in other languages, and what Snow writes for them.
const KEYWORDS: &[(&[&str], &str)] = &[
    (&["var", "val", "const", "auto", "mut"], "let"),
    (&["def", "defp", "func", "function", "fun"], "fn"),
    (&["switch"], "case"),
    (&["unless"], "if not"),
    (&["until"], "while not"),
    (&["foreach"], "for"),
    (&["class", "record", "defstruct"], "struct"),
    (&["enum", "data"], "type"),
    (&["trait", "protocol"], "interface"),
    (&["use", "require", "include", "alias", "using"], "import"),
    (&["defmodule", "mod", "namespace"], "module"),
];

/// What Snow writes for a word that starts a statement or an item in other languages. O(table).
pub fn keyword(word: &str) -> Option<&'static str> {
    KEYWORDS.iter().find(|(words, _)| words.contains(&word)).map(|(_, own)| *own)
}

/// What Snow does instead of a statement that starts with this word.
pub fn statement(word: &str) -> Option<&'static str> {
    Some(match word {
        "with" => {
            "steps that may fail stand below each other, each with `?`, in a function that gives a `Result`"
        }
        "cond" => "several conditions are `if … do … else if … do … else … end`",
        "unless" => "there is no `unless`: write `if not …`",
        "try" => {
            "there is no `try`: what can fail gives a `Result`, for `case` or `?`; a crash ends its process"
        }
        "raise" | "throw" => "give back `Err(…)`, or crash with `panic(\"…\")`",
        "var" | "const" | "val" => "a name is bound by `let name = …`",
        "switch" => "the word is `case`",
        "loop" | "until" => "loops are `while … do`, `for … in … do`, or a function that calls itself",
        "foreach" => "the word is `for`",
        "def" | "func" | "function" => "the word is `fn`",
        "async" | "go" => "`spawn() do … end` starts a process",
        "await" => "`ask` waits for an answer, `receive` for a message",
        _ => return None,
    })
}

/// What a type of other languages is in Snow.
pub fn ty(name: &str) -> Option<&'static str> {
    Some(match name {
        "int" | "i32" | "i64" | "integer" | "long" | "Integer" => "Int",
        "float" | "f32" | "f64" | "double" | "Double" => "Float",
        "str" | "string" => "String",
        "bool" | "boolean" | "Boolean" => "Bool",
        "void" | "unit" | "nil" => "()",
        _ => return None,
    })
}

/// What a name of other languages is in Snow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meant {
    /// What to tell the user.
    pub help: &'static str,
    /// What can be written for the name; empty: nothing as short.
    pub own: &'static str,
    /// Whether that is surely meant.
    pub sure: bool,
}

/// What is meant by the name of a value or function that stands alone.
pub fn value(name: &str) -> Option<Meant> {
    let (help, own, sure) = match name {
        "nil" | "null" | "undefined" => {
            ("what may be missing is an `Option`: `None` or `Some(value)`", "None", false)
        }
        "rem" | "mod" => {
            ("the remainder is `a % b`, or `Int.mod(a, b)` with the sign of `b`", "Int.mod", false)
        }
        "after" => (
            "what happens without a message is the last arm of `receive`, on one line: `after 100 -> …`",
            "",
            false,
        ),
        "stop" | "no_reply" => {
            ("`stop(…)` and `no_reply(…)` mean something in the handlers of a service only", "", false)
        }
        "div" => ("`/` divides integers too, towards zero", "", false),
        "puts" | "echo" => ("`println(x)` prints a line", "println", true),
        "printf" | "console" => ("`println(x)` prints a line", "println", false),
        "range" => ("a range is `0..n`, with its end `0..=n`", "", false),
        "pass" => ("a block may be empty; the value of nothing is `()`", "()", true),
        "len" => ("`List.length(xs)`, `String.length(s)` and `Map.size(m)` count", "List.length", false),
        "raise" | "throw" => ("give back `Err(…)`, or crash with `panic(\"…\")`", "panic", false),
        "str" | "string" => ("`to_string(x)` makes a String", "to_string", false),
        "this" => ("in a method the value is `self`", "self", false),
        _ => return None,
    };
    Some(Meant { help, own, sure })
}

/// What is meant by the name of a constructor.
pub fn ctor(name: &str) -> Option<Meant> {
    let (help, own, sure) = match name {
        "True" => ("it is written `true`", "true", true),
        "False" => ("it is written `false`", "false", true),
        "Nil" | "Null" | "Nothing" => ("what is missing is `None`", "None", false),
        "Just" => ("it is written `Some(…)`", "Some", true),
        _ => return None,
    };
    Some(Meant { help, own, sure })
}

/// What a module of other languages is in Snow.
pub fn module(path: &str) -> Option<&'static str> {
    Some(match path {
        "Enum" => "lists are worked on by `List.map`, `List.filter` …; `Iter` is lazy",
        "Stream" => "lazy sequences are `Iter`",
        "Kernel" => "what needs no module stands alone: `println`, `to_string`, `max` …",
        "Agent" | "GenServer" => "a `service` keeps a state and answers calls",
        "Task" => "the module is `Job`",
        "Integer" => "the module is `Int`",
        "Vec" | "Array" => "the module is `List`",
        "HashMap" | "Dict" => "the module is `Map`",
        _ => return None,
    })
}

/// What is meant by a function of a module that Snow has without a module.
pub fn in_module(module: &str, name: &str) -> Option<&'static str> {
    match (module, name) {
        ("IO", "puts") => Some("`println(x)` prints a line"),
        _ => None,
    }
}

/// What Snow writes for a method that other languages have on values of such a type, where it is no method.
pub fn method(name: &str, ty: &str) -> Option<&'static str> {
    let plain = in_snow_case(name);
    let number = matches!(ty, "Int" | "Float");
    Some(match plain.as_str() {
        "clone" | "copy" | "dup" | "deep_copy" | "to_owned" | "as_str" | "as_ref" | "as_slice" | "borrow" => {
            "values never change, so none has to be copied: leave the call out"
        }
        "equals" | "eql" | "equal" | "is_equal" => "values are compared by `==`",
        "times" if number => "`for i in 0..n do … end` goes through numbers",
        "inc" | "succ" | "increment" if number => "a number is increased by `n + 1`",
        "dec" | "pred" | "decrement" if number => "a number is decreased by `n - 1`",
        "add" | "plus" | "push_str" | "append" if ty == "String" => "strings are joined with `<>`",
        "add" | "plus" if number => "numbers are added by `+`",
        "format" | "sprintf" | "printf" => "values stand in strings as `${x}`: `\"x is ${x}\"`",
        "is_even" | "even" if ty == "Int" => "write `n % 2 == 0`",
        "is_odd" | "odd" if ty == "Int" => "write `n % 2 != 0`",
        "is_nil" | "is_null" | "nil" => {
            "no value is missing; what may be missing is an `Option`, which has `is_none()`"
        }
        "each" | "for_each" if ty == "String" || ty.starts_with("Option<") => {
            "`for x in … do … end` goes through the values"
        }
        "get" | "value" | "get_value" if ty.starts_with("Option<") || ty.starts_with("Result<") => {
            "the value is taken out with `case`, `?` or `unwrap_or(default)`"
        }
        _ => return None,
    })
}

/// Names of functions in other languages with those that Snow may have for them, the likeliest first.
const MEANINGS: &[(&[&str], &[&str])] = &[
    (&["len", "size", "count", "length"], &["length", "size"]),
    (&["upcase", "upper", "uppercase", "to_uppercase", "to_upper_case"], &["to_upper"]),
    (&["downcase", "lower", "lowercase", "to_lowercase", "to_lower_case"], &["to_lower"]),
    (&["trim_leading", "trim_left", "ltrim", "lstrip"], &["trim_start"]),
    (&["trim_trailing", "trim_right", "rtrim", "rstrip"], &["trim_end"]),
    (&["strip", "trim_space"], &["trim"]),
    (&["push", "push_back", "add", "append", "snoc"], &["append", "add", "push"]),
    (&["push_front", "unshift", "cons"], &["prepend"]),
    (
        &["contains", "contains_key", "member", "is_member", "has", "includes", "include"],
        &["contains", "has_key"],
    ),
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
    (&["to_f", "parse_float", "as_float", "to_double"], &["to_float", "parse"]),
    (&["from_range"], &["range", "collect"]),
    (&["from_list", "from", "of"], &["from_list", "to_set"]),
    (&["to_s", "str", "show", "to_str", "string"], &["to_string"]),
    (&["to_vec", "to_array", "to_a"], &["to_list"]),
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
    (&["millis", "milliseconds", "from_millis", "from_ms"], &["ms"]),
    (&["as_millis", "to_millis", "to_milliseconds", "in_milliseconds"], &["to_ms"]),
    (&["micros", "microseconds", "from_micros"], &["us"]),
    (&["as_micros", "to_micros", "to_microseconds"], &["to_us"]),
    (&["from_secs", "from_seconds", "secs", "second"], &["seconds"]),
    (&["as_secs", "to_secs", "in_seconds"], &["to_seconds"]),
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

/// `toUpperCase` as `to_upper_case`. O(length).
pub fn in_snow_case(name: &str) -> String {
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
