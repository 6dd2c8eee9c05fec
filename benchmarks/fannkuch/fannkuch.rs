//! Flips of pancakes over all permutations of 10.

fn main() {
    let n = 10;
    let mut perm: Vec<usize> = (0..n).collect();
    let mut work = perm.clone();
    let mut counts = vec![0; n];
    let (mut sum, mut most, mut r) = (0_i64, 0, n);
    for nth in 0.. {
        while r != 1 {
            counts[r - 1] = r;
            r -= 1;
        }
        work.copy_from_slice(&perm);
        let mut flips = 0;
        while work[0] != 0 {
            let (mut i, mut j) = (0, work[0]);
            while i < j {
                work.swap(i, j);
                i += 1;
                j -= 1;
            }
            flips += 1;
        }
        sum += if nth % 2 == 0 { flips } else { -flips };
        most = most.max(flips);
        loop {
            if r == n {
                println!("{sum}\nPfannkuchen({n}) = {most}");
                return;
            }
            let first = perm[0];
            for i in 0..r {
                perm[i] = perm[i + 1];
            }
            perm[r] = first;
            counts[r] -= 1;
            if counts[r] > 0 {
                break;
            }
            r += 1;
        }
    }
}
