//! The spectral norm of an infinite matrix, by power iteration.

fn entry(i: usize, j: usize) -> f64 {
    1.0 / ((i + j) * (i + j + 1) / 2 + i + 1) as f64
}

fn times(v: &[f64]) -> Vec<f64> {
    (0..v.len()).map(|i| v.iter().enumerate().map(|(j, x)| entry(i, j) * x).sum()).collect()
}

fn times_transposed(v: &[f64]) -> Vec<f64> {
    (0..v.len()).map(|i| v.iter().enumerate().map(|(j, x)| entry(j, i) * x).sum()).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn main() {
    let mut u = vec![1.0; 1000];
    let mut v = vec![];
    for _ in 0..10 {
        v = times_transposed(&times(&u));
        u = times_transposed(&times(&v));
    }
    println!("{:.9}", (dot(&u, &v) / dot(&v, &v)).sqrt());
}
