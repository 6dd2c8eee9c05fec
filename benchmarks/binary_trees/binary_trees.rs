//! Builds and walks binary trees up to depth 18.

struct Tree {
    children: Option<(Box<Tree>, Box<Tree>)>,
}

fn grow(depth: u32) -> Box<Tree> {
    let children = (depth > 0).then(|| (grow(depth - 1), grow(depth - 1)));
    Box::new(Tree { children })
}

fn check(tree: &Tree) -> i64 {
    tree.children.as_ref().map_or(1, |(left, right)| 1 + check(left) + check(right))
}

fn main() {
    let deepest = 18;
    println!("stretch tree of depth {}: {}", deepest + 1, check(&grow(deepest + 1)));
    let kept = grow(deepest);
    for depth in (4..=deepest).step_by(2) {
        let times = 1 << (deepest - depth + 4);
        let sum: i64 = (0..times).map(|_| check(&grow(depth))).sum();
        println!("{times} trees of depth {depth}: {sum}");
    }
    println!("long lived tree of depth {deepest}: {}", check(&kept));
}
