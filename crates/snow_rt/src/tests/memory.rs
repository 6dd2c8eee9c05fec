//! One process's memory.

use snow_abi::layout::{IMMORTAL, ListBuf, ListVal, ObjHeader};

use super::harness::*;
use crate::copy::Packer;
use crate::process::Process;
use crate::release::{drop_ref, dup, work_off};
use crate::{fns, list};

#[test]
fn freed_cells_are_used_again() {
    with_process(|p| {
        // SAFETY: cells are freed once.
        unsafe {
            let a = node(p, 1, 0);
            drop_ref(p, a as *mut ObjHeader);
            let b = node(p, 2, 0);
            assert_eq!(a, b);
            drop_ref(p, b as *mut ObjHeader);
        }
    });
}

#[test]
fn a_long_chain_is_freed_in_steps() {
    with_process(|p| {
        // SAFETY: the chain is dropped once.
        unsafe {
            let mut chain = 0;
            for n in 0..100_000 {
                chain = node(p, n, chain);
            }
            drop_ref(p, chain as *mut ObjHeader);
            assert!(!(*p).heap.pending.is_null());
            let mut steps = 0;
            while !work_off(p, 100) {
                steps += 1;
            }
            assert!(steps > 900);
        }
    });
}

#[test]
fn large_objects_come_and_go() {
    with_process(|p| {
        for size in [513, 5_000, 100_000, 3_000_000] {
            // SAFETY: each is freed once, with its size.
            unsafe {
                let object = fns::alloc(p, size);
                object.write_bytes(7, size as usize);
                fns::free_large(p, object, size);
            }
        }
    });
}

#[test]
fn lists_grow_at_both_ends() {
    with_process(|p| {
        // SAFETY: compiled code's protocol.
        unsafe {
            let mut xs = fns::list_new(p, i64::from(LIST_OF_INTS), 0);
            for n in 0..10_000 {
                xs = push(p, xs, n);
            }
            for n in 1..=10_000 {
                if (*xs.buf).lo == 0 || (*xs.buf).lo != xs.offset() {
                    xs = fns::list_reserve_front(p, xs, 1);
                }
                (*xs.buf).lo -= 1;
                xs.view = ListVal::view(xs.offset() - 1, xs.len() + 1);
                at(xs, 0).write(-n);
            }
            assert_eq!(xs.len(), 20_000);
            assert!((0..20_000).all(|i| *at(xs, i) == i64::from(i) - 10_000));
            list::release_list(p, xs);
        }
    });
}

#[test]
fn a_queue_of_bounded_length_keeps_its_buffer() {
    with_process(|p| {
        // SAFETY: compiled code's protocol.
        unsafe {
            let mut xs = fns::list_new(p, i64::from(LIST_OF_INTS), 0);
            for n in 0..100_000 {
                xs = push(p, xs, n);
                if xs.len() > 10 {
                    xs.view = ListVal::view(xs.offset() + 1, xs.len() - 1);
                }
            }
            assert!((*xs.buf).cap < 64);
            assert_eq!(*at(xs, 0), 99_990);
            list::release_list(p, xs);
        }
    });
}

#[test]
fn shared_lists_are_copied_and_elements_counted() {
    with_process(|p| {
        // SAFETY: compiled code's protocol.
        unsafe {
            let mut xs = fns::list_new(p, i64::from(LIST_OF_REFS), 0);
            for n in 0..100 {
                xs = push(p, xs, node(p, n, 0) as i64);
            }
            dup(xs.buf.cast());
            let tail = ListVal { buf: xs.buf, view: ListVal::view(90, 10) };
            let own = fns::list_make_unique(p, tail);
            assert_ne!(own.buf, xs.buf);
            assert_eq!((*(*at(own, 0) as *const ObjHeader)).rc, 2);
            let both = fns::list_concat(p, own, xs);
            assert_eq!(both.len(), 110);
            let view = ListVal { buf: both.buf, view: ListVal::view(100, 10) };
            let view = fns::list_reserve_back(p, view, 1);
            assert_eq!(read_node(*at(view, 0) as usize).0, 90);
            list::release_list(p, xs);
            list::release_list(p, view);
        }
    });
}

#[test]
fn gaps_open_and_close() {
    with_process(|p| {
        // SAFETY: compiled code's protocol.
        unsafe {
            let mut xs = fns::list_new(p, i64::from(LIST_OF_REFS), 0);
            for n in [1, 2, 4] {
                xs = push(p, xs, node(p, n, 0) as i64);
            }
            dup(xs.buf.cast());
            let mut own = fns::list_open(p, xs, 2);
            assert_ne!(own.buf, xs.buf);
            assert_eq!(*at(own, 2), 0);
            *at(own, 2) = node(p, 3, 0) as i64;
            let seen =
                |xs: ListVal| (0..xs.len()).map(|i| read_node(*at(xs, i) as usize).0).collect::<Vec<_>>();
            assert_eq!((seen(own), seen(xs)), (vec![1, 2, 3, 4], vec![1, 2, 4]));
            list::release_list(p, xs);
            // A view that ends in front of what its buffer holds.
            own.view = ListVal::view(0, 3);
            drop_ref(p, *at(own, 0) as *mut ObjHeader);
            own = fns::list_close(p, own, 0);
            assert_eq!(seen(own), [2, 3]);
            list::release_list(p, own);
        }
    });
}

#[test]
fn what_a_list_no_longer_shows_is_dropped_in_steps() {
    with_process(|p| {
        // SAFETY: compiled code's protocol.
        unsafe {
            let mut xs = fns::list_new(p, i64::from(LIST_OF_REFS), 0);
            for n in 0..10_000 {
                xs = push(p, xs, node(p, n, 0) as i64);
            }
            xs.view = ListVal::view(5_000, 3);
            let xs = push(p, xs, node(p, 7, 0) as i64);
            assert!(!(*p).heap.pending.is_null());
            let seen: Vec<_> = (0..4).map(|i| read_node(*at(xs, i) as usize).0).collect();
            assert_eq!(seen, [5_000, 5_001, 5_002, 7]);
            list::release_list(p, xs);
        }
    });
}

#[test]
fn long_strings_are_shared_when_packed() {
    with_process(|p| {
        // SAFETY: compiled code's protocol; the packed run is used once.
        unsafe {
            let long = "0123456789".repeat(100);
            let s = text(p, &long);
            let desc = Process::desc(p, TWO_REFS);
            dup(s.cast());
            let value = [s as usize, s as usize];
            let packer = &mut Packer::new();
            let mut run = packer.pack(p, desc, value.as_ptr().cast()).to_vec();
            assert!(run.len() < 20);
            let wasted = packer.pack(p, desc, value.as_ptr().cast()).to_vec();
            let first = packer.first_shared();
            crate::copy::discard(Process::pool(p), wasted.as_ptr().cast_mut().cast(), first);
            crate::copy::unpack(p, desc, run.as_mut_ptr().cast(), run.len() * 8);
            let copy = run[0] as *mut snow_abi::layout::StrObj;
            assert_eq!(run[0], run[1]);
            assert_eq!((*copy).data, (*s).data);
            assert_ne!(copy, s);
            for string in [s, s, copy] {
                drop_ref(p, string.cast());
            }
            let piece = text(p, "!");
            let changed = fns::str_concat(p, copy, piece);
            assert_ne!(changed, copy);
            assert_eq!(crate::string::text(changed), long + "!");
            drop_ref(p, changed.cast());
            drop_ref(p, piece.cast());
            assert!((*p).heap.shared.is_null());
        }
    });
}

#[test]
fn strings_grow_in_place_when_unique() {
    with_process(|p| {
        // SAFETY: compiled code's protocol.
        unsafe {
            let piece = text(p, "ab");
            let mut s = text(p, "");
            for _ in 0..10_000 {
                s = fns::str_concat(p, s, piece);
                if (*s).len == 2 {
                    // The piece itself came back; a change must copy it.
                    assert_eq!(s, piece);
                }
            }
            assert_eq!((*s).len, 20_000);
            assert_eq!((*piece).header.rc, 1);
            assert_eq!(fns::str_find(p, s, piece, 1), 2);
            dup(s.cast());
            let t = fns::str_concat(p, s, piece);
            assert_ne!(s, t);
            for string in [s, t, piece] {
                drop_ref(p, string.cast());
            }
        }
    });
}

#[test]
fn text_functions() {
    with_process(|p| {
        // SAFETY: compiled code's protocol.
        unsafe {
            let check = |result: *mut snow_abi::layout::StrObj, expected: &str| {
                assert_eq!(crate::string::text(result), expected);
                drop_ref(p, result.cast());
            };
            let s = text(p, " e\u{301}a\r\nß ");
            assert_eq!(fns::str_graphemes_len(p, s), 6);
            assert_eq!(fns::str_next_grapheme(p, s, 1), 4);
            assert_eq!(fns::str_next_grapheme(p, s, 5), 7);
            assert_eq!(fns::str_codepoint_at(p, s, 2), 0x301);
            assert!(fns::str_is_whitespace_at(p, s, 0));
            check(fns::str_trim(p, s, true, true), "e\u{301}a\r\nß");
            check(fns::str_to_upper(p, s), " E\u{301}A\r\nSS ");
            check(fns::int_to_str(p, i64::MIN), "-9223372036854775808");
            check(fns::int_to_str_base(p, -255, 16), "-ff");
            check(fns::float_to_fixed(p, 2.5, 2), "2.50");
            check(fns::pid_to_str(p, fns::self_pid(p)), "<0.0.0>");
            let (a, b) = (text(p, "a"), text(p, "bb"));
            let aaa = fns::str_repeat(p, a, 3);
            check(fns::str_replace(p, aaa, a, b), "bbbbbb");
            for string in [s, a, b, aaa] {
                drop_ref(p, string.cast());
            }
        }
    });
}

#[test]
fn copies_keep_sharing() {
    with_process(|p| {
        // SAFETY: compiled code's protocol; the packed run is used once.
        unsafe {
            let shared = node(p, 7, 0);
            dup(shared as *mut ObjHeader);
            let mut xs = fns::list_new(p, i64::from(LIST_OF_REFS), 2);
            xs = push(p, xs, node(p, 1, shared) as i64);
            xs = push(p, xs, node(p, 2, shared) as i64);
            let name = text(p, "a name that is longer than others");
            let value = [xs.buf as usize, name as usize];
            let desc = Process::desc(p, TWO_REFS);
            let mut run = Packer::new().pack(p, desc, value.as_ptr().cast()).to_vec();
            assert_eq!((*(shared as *const ObjHeader)).rc, 2);
            crate::copy::unpack(p, desc, run.as_mut_ptr().cast(), run.len() * 8);
            let copy = ListVal { buf: run[0] as *mut ListBuf, view: ListVal::view(0, 2) };
            let (first, second) = (read_node(*at(copy, 0) as usize), read_node(*at(copy, 1) as usize));
            assert_eq!((first.0, second.0), (1, 2));
            assert_eq!(first.1, second.1);
            assert_ne!(first.1, shared);
            assert_eq!((*(first.1 as *const ObjHeader)).rc, 2);
            assert!(fns::str_eq(p, name, run[1] as *mut _));
            list::release_list(p, xs);
            list::release_list(p, copy);
            drop_ref(p, name.cast());
            drop_ref(p, run[1] as *mut ObjHeader);
        }
    });
}

#[test]
fn constants_live_for_ever() {
    with_process(|p| {
        // SAFETY: compiled code's protocol.
        unsafe {
            let chain = node(p, 1, node(p, 2, 0));
            let mut constant = 0_usize;
            fns::const_publish(
                p,
                i64::from(REF),
                (&raw const chain).cast_mut().cast(),
                (&raw mut constant).cast(),
            );
            drop_ref(p, chain as *mut ObjHeader);
            let (n, next) = read_node(constant);
            assert_eq!((n, read_node(next).0), (1, 2));
            assert_eq!((*(next as *const ObjHeader)).rc, IMMORTAL);
            drop_ref(p, constant as *mut ObjHeader);
        }
    });
}

#[test]
fn views_are_packed_without_what_they_hide() {
    use crate::copy::unpack;
    use crate::release::{drop_ref, dup};
    with_process(|p| {
        // SAFETY: what compiled code does.
        unsafe {
            let mut xs = fns::list_new(p, i64::from(LIST_OF_INTS), 0);
            for n in 0..10_000 {
                xs = push(p, xs, n);
            }
            let desc = Process::desc(p, LISTS);
            let view = |from, to| ListVal { buf: xs.buf, view: ListVal::view(from, to - from) };
            let mut packer = Packer::new();
            // Two views, and perhaps a reference to the buffer that says nothing of a view.
            let cases = [
                ((5000, 5010), (5002, 5004), false, 300),
                ((5000, 5010), (10, 9000), false, 81_000),
                ((7, 7), (7, 8), true, 90_000),
                ((0, 10_000), (3, 9_999), true, 90_000),
            ];
            for ((from, to), (from2, to2), buffer, limit) in cases {
                let reference = if buffer { xs.buf as usize } else { 0 };
                let value = (view(from, to), view(from2, to2), reference);
                (0..3 + usize::from(buffer)).for_each(|_| dup(xs.buf.cast()));
                let mut run = packer.pack(p, desc, (&raw const value).cast()).to_vec();
                let bytes = run.len() * 8;
                assert!(bytes < limit + 80_100 * usize::from(buffer), "{bytes} bytes");
                unpack(p, desc, run.as_mut_ptr().cast(), bytes);
                let copy = run.as_ptr().cast::<(ListVal, ListVal, *mut ObjHeader)>().read();
                for (list, from, to) in [(copy.0, from, to), (copy.1, from2, to2)] {
                    assert_eq!(list.len(), to - from);
                    for i in 0..list.len() {
                        assert_eq!(*at(list, i), i64::from(from + i));
                    }
                    drop_ref(p, list.buf.cast());
                }
                if buffer {
                    drop_ref(p, copy.2);
                }
                (0..3 + usize::from(buffer)).for_each(|_| drop_ref(p, xs.buf.cast()));
            }
            drop_ref(p, xs.buf.cast());
        }
    });
}
