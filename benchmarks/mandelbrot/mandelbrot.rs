//! Counts the points of a 1000 x 1000 grid that stay bounded for 50 steps.

fn stays(cr: f64, ci: f64, steps: i64) -> bool {
    let (mut zr, mut zi) = (0.0, 0.0);
    for _ in 0..steps {
        let (r2, i2) = (zr * zr, zi * zi);
        if r2 + i2 > 4.0 {
            return false;
        }
        zi = 2.0 * zr * zi + ci;
        zr = r2 - i2 + cr;
    }
    true
}

fn main() {
    let n = 1000;
    let mut count = 0;
    for y in 0..n {
        for x in 0..n {
            let cr = 2.0 * x as f64 / n as f64 - 1.5;
            let ci = 2.0 * y as f64 / n as f64 - 1.0;
            count += i64::from(stays(cr, ci, 50));
        }
    }
    println!("{count}");
}
