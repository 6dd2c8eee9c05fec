//! With `SNOW_CHECK=leaks`: did a process that ended normally still hold counted values?
//!
//! Costs nothing until a process ends: what was cut from chunks, less what is in the lists of free cells, must be nothing.
//! The report finds the objects by walking the chunks, which works since cells stand side by side.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::sync::atomic::Ordering::SeqCst;

use snow_abi::layout::{CLASS_SIZES, ObjHeader, SIZE_CLASSES, TypeDesc};

use crate::heap::{CHUNK_CELLS, class_of, each_large};
use crate::mailbox::Message;
use crate::process::Process;
use crate::release::{drop_ref, drop_refs, object_bytes, work_off};
use crate::signals;

/// Types that a report shows.
const MAX_TYPES: usize = 8;

/// Reports what `p` still holds.
///
/// # Safety
/// The caller runs `p`, which is about to end normally.
pub(crate) unsafe fn check(p: *mut Process) {
    // SAFETY: as the contract says; messages that were looked at and never taken hold references.
    unsafe {
        (*p).mailbox.each(|message| {
            if (*message).kind != signals::MESSAGE {
                let text = signals::text_ref(message);
                if !text.is_null() {
                    drop_ref(p, text.cast());
                }
            } else if (*message).unpacked {
                drop_refs(p, Message::value(message), Process::desc(p, (*message).desc));
            }
        });
        while !work_off(p, usize::MAX) {}
        let live = small_cut(p) - small_free(p).values().map(|&class| CLASS_SIZES[class]).sum::<usize>();
        let mut large = 0;
        each_large(p, |_, bytes| large += bytes);
        if live + large > 0 {
            let rt = Process::runtime(p);
            rt.leaked.store(true, SeqCst);
            rt.output.report(&report(p, live + large));
        }
    }
}

/// Bytes of cells that were cut from chunks.
unsafe fn small_cut(p: *mut Process) -> usize {
    let mut bytes = 0;
    // SAFETY: the caller runs `p`.
    unsafe { each_chunk(p, |_, cut| bytes += cut) };
    bytes
}

/// Calls `f` with the first cell of each chunk and the bytes that are cut.
unsafe fn each_chunk(p: *mut Process, mut f: impl FnMut(*mut u8, usize)) {
    // SAFETY: the caller runs `p`.
    unsafe {
        let mut chunk = (*p).heap.chunks;
        let mut newest = true;
        while !chunk.is_null() {
            let cells = chunk.cast::<u8>().add(CHUNK_CELLS);
            let cut = if newest { (*p).ctx.bump as usize - cells as usize } else { (*chunk).cut as usize };
            f(cells, cut);
            newest = false;
            chunk = (*chunk).next;
        }
    }
}

/// The free cells and their classes.
unsafe fn small_free(p: *mut Process) -> HashMap<usize, usize> {
    let mut free = HashMap::new();
    for class in 0..SIZE_CLASSES {
        // SAFETY: the caller runs `p`; free cells are linked through their first word.
        unsafe {
            let mut cell = (*p).ctx.free[class];
            while !cell.is_null() {
                if free.insert(cell as usize, class).is_some() {
                    crate::io::internal_error("a cell was freed twice");
                }
                cell = *cell.cast::<*mut u8>();
            }
        }
    }
    free
}

unsafe fn report(p: *mut Process, bytes: usize) -> String {
    let mut by_type: BTreeMap<String, usize> = BTreeMap::new();
    // SAFETY: the caller runs `p`; what isn't free in a chunk is an object.
    unsafe {
        let free = small_free(p);
        each_chunk(p, |cells, cut| {
            let mut at = 0;
            while at < cut {
                let cell = cells.add(at);
                at += match free.get(&(cell as usize)) {
                    Some(&class) => CLASS_SIZES[class],
                    None => {
                        let desc = describe(p, cell.cast(), &mut by_type);
                        CLASS_SIZES[class_of(object_bytes(cell.cast(), desc))]
                    }
                };
            }
        });
        each_large(p, |object, _| {
            describe(p, object, &mut by_type);
        });
        let (pid, name) = (Process::pid(p), Process::name(p));
        let mut out = format!("** process {pid} ({name}) leaked {bytes} bytes\n");
        for (name, count) in by_type.iter().take(MAX_TYPES) {
            // Writing to a string can't fail.
            let _ = writeln!(out, "   {count} of {name}");
        }
        out
    }
}

unsafe fn describe(
    p: *mut Process,
    object: *mut ObjHeader,
    by_type: &mut BTreeMap<String, usize>,
) -> &'static TypeDesc {
    // SAFETY: the caller gives a live object.
    unsafe {
        let index = (*object).meta >> 8;
        if index as usize >= Process::runtime(p).program.desc_count {
            crate::io::internal_error("a live cell in a heap is not an object");
        }
        let desc = Process::desc(p, index);
        let name = std::slice::from_raw_parts(desc.name, desc.name_len);
        *by_type.entry(String::from_utf8_lossy(name).into_owned()).or_default() += 1;
        desc
    }
}
