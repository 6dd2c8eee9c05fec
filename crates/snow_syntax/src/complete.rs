//! Does a tree have all the parts that the grammar asks for?
//!
//! For tests of the parser: where it reports no mistake, nothing may be missing. Whether the parts mean something isn't
//! looked at.

use crate::SyntaxKind as K;
use crate::SyntaxNode;
use crate::ast::*;

/// The first node that lacks a part. O(nodes).
pub fn first_incomplete(root: &SyntaxNode) -> Option<SyntaxNode> {
    root.descendants().find(|node| !is_complete(node.clone()))
}

fn is_complete(node: SyntaxNode) -> bool {
    let name = |n: Option<Name>| n.is_some();
    match node.kind() {
        K::FN_ITEM => FnItem::cast(node).is_some_and(|n| name(n.name()) && n.param_list().is_some()),
        K::LET_ITEM => LetItem::cast(node).is_some_and(|n| name(n.name()) && n.value().is_some()),
        K::LET_STMT => LetStmt::cast(node).is_some_and(|n| n.pattern().is_some() && n.value().is_some()),
        K::FIELD_DEF => FieldDef::cast(node).is_some_and(|n| name(n.name()) && n.ty().is_some()),
        K::VARIANT_FIELD => VariantField::cast(node).is_some_and(|n| n.ty().is_some()),
        K::PARAM => Param::cast(node).is_some_and(|n| n.pattern().is_some()),
        K::ARG => Arg::cast(node).is_some_and(|n| n.expr().is_some()),
        K::BIN_EXPR => {
            BinExpr::cast(node).is_some_and(|n| n.op().is_some() && n.lhs().is_some() && n.rhs().is_some())
        }
        K::RANGE_EXPR => RangeExpr::cast(node).is_some_and(|n| n.start().is_some() && n.end().is_some()),
        K::PREFIX_EXPR => PrefixExpr::cast(node).is_some_and(|n| n.op().is_some() && n.expr().is_some()),
        K::PIPE_EXPR => PipeExpr::cast(node).is_some_and(|n| n.lhs().is_some() && n.target().is_some()),
        K::CALL_EXPR => CallExpr::cast(node).is_some_and(|n| n.callee().is_some() && n.arg_list().is_some()),
        K::METHOD_CALL_EXPR => MethodCallExpr::cast(node)
            .is_some_and(|n| n.receiver().is_some() && name(n.name()) && n.arg_list().is_some()),
        K::INDEX_EXPR => IndexExpr::cast(node).is_some_and(|n| n.base().is_some() && n.index().is_some()),
        K::MAP_ENTRY => {
            MapEntry::cast(node).is_some_and(|n| n.value().is_some() && (n.key().is_some() || name(n.name())))
        }
        K::UPDATE_EXPR => UpdateExpr::cast(node).is_some_and(|n| n.base().is_some()),
        K::PAREN_EXPR => ParenExpr::cast(node).is_some_and(|n| n.expr().is_some()),
        K::IF_EXPR => IfExpr::cast(node).is_some_and(|n| n.condition().is_some() && n.then_block().is_some()),
        K::CASE_EXPR => CaseExpr::cast(node).is_some_and(|n| n.scrutinee().is_some()),
        K::MATCH_ARM => MatchArm::cast(node).is_some_and(|n| n.pattern().is_some() && n.body().is_some()),
        K::FOR_EXPR => ForExpr::cast(node)
            .is_some_and(|n| n.pattern().is_some() && n.iterable().is_some() && n.body().is_some()),
        K::FN_CLAUSE => FnClause::cast(node).is_some_and(|n| n.param_list().is_some() && n.body().is_some()),
        K::CONS_PAT => ConsPat::cast(node).is_some_and(|n| n.head().is_some() && n.tail().is_some()),
        K::RANGE_PAT => RangePat::cast(node).is_some_and(|n| n.start().is_some() && n.end().is_some()),
        K::CONCAT_PAT => ConcatPat::cast(node).is_some_and(|n| n.prefix().is_some() && n.rest().is_some()),
        K::AS_PAT => AsPat::cast(node).is_some_and(|n| n.pattern().is_some() && name(n.name())),
        K::RESULT_TYPE => ResultType::cast(node).is_some_and(|n| n.ok().is_some() && n.err().is_some()),
        K::FN_TYPE => FnType::cast(node).is_some_and(|n| n.ret().is_some()),
        K::IMPL_ITEM => {
            ImplItem::cast(node).is_some_and(|n| n.interface().is_some() && n.self_type().is_some())
        }
        _ => true,
    }
}
