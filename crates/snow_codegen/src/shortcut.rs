//! Runtime functions whose common cases are decided in place, so that only the others cost a call.

use inkwell::IntPredicate::EQ;
use snow_abi::RuntimeFn;
use snow_abi::layout::StrObj;

use crate::emit::Slot;
use crate::error::Res;
use crate::func::FnCx;

impl<'ll> FnCx<'_, '_, 'll> {
    /// Calls a runtime function unless the answer is at hand.
    pub(crate) fn runtime_or_shortcut(&self, func: RuntimeFn, args: &[Slot<'ll>]) -> Res<Vec<Slot<'ll>>> {
        match (func, args) {
            (RuntimeFn::list_make_unique, _) => self.make_unique(args),
            (RuntimeFn::str_eq, [Slot::PointerValue(a), Slot::PointerValue(b)]) => {
                let len = std::mem::offset_of!(StrObj, len) as u64;
                let same_len = self.cmp(EQ, self.load_int(*a, len)?, self.load_int(*b, len)?)?;
                let (compare, join) = (self.block("compare")?, self.block("compared")?);
                let start = self.here()?;
                self.b.build_conditional_branch(same_len, compare, join)?;
                self.start(compare);
                let equal = crate::memory::one(self.runtime(func, self.ctx, args)?)?;
                let called = self.here()?;
                self.goto_and_start(join)?;
                let result = self.b.build_phi(self.cx.ll.i8_type(), "equal")?;
                result.add_incoming(&[(&self.cx.ll.i8_type().const_zero(), start), (&equal, called)]);
                Ok(vec![result.as_basic_value()])
            }
            _ => self.runtime(func, self.ctx, args),
        }
    }
}
