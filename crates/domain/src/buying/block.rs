//! Mini-blocks: beds bought for a period by one or several authorities with shares (rule 6). The contract's record and
//! its moves are here; its nights are told by the ledger in `block/nights`.

mod share;
mod terms;

pub use share::{BlockShare, WHOLE, check_shares, split};
pub use terms::{BlockBed, BlockBeds, BlockPrices, BlockSpec, BlockTerms, RefusalLimit, RefusalPeriod};
