//! Every move of an approval, as a table: the tests walk it, and its page is printed from it.

use crate::change::Move;

/// Every move of an approval.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "request", to: "requested", by: "placement officer" },
    Move { from: "requested", act: "ask", to: "question_open", by: "approver" },
    Move { from: "passed_on", act: "ask", to: "question_open", by: "approver" },
    Move { from: "question_open", act: "answer", to: "requested", by: "placement officer" },
    Move { from: "requested", act: "pass_on", to: "passed_on", by: "approver" },
    Move { from: "passed_on", act: "pass_on", to: "passed_on", by: "approver" },
    Move { from: "requested", act: "approve", to: "approved", by: "approver" },
    Move { from: "passed_on", act: "approve", to: "approved", by: "approver" },
    Move { from: "requested", act: "record_verbal", to: "approved", by: "placement officer" },
    Move { from: "passed_on", act: "record_verbal", to: "approved", by: "placement officer" },
    Move { from: "approved", act: "confirm", to: "approved", by: "approver" },
    Move { from: "approved", act: "confirm_night", to: "approved", by: "the Director" },
    Move { from: "requested", act: "refuse", to: "refused", by: "approver" },
    Move { from: "question_open", act: "refuse", to: "refused", by: "approver" },
    Move { from: "passed_on", act: "refuse", to: "refused", by: "approver" },
    Move {
        from: "requested",
        act: "void",
        to: "void",
        by: "the system, when facts change; the placement officer, by taking it back",
    },
    Move {
        from: "question_open",
        act: "void",
        to: "void",
        by: "the system, when facts change; the placement officer, by taking it back",
    },
    Move {
        from: "passed_on",
        act: "void",
        to: "void",
        by: "the system, when facts change; the placement officer, by taking it back",
    },
    Move {
        from: "approved",
        act: "void",
        to: "void",
        by: "the system, when facts change; the placement officer, by taking it back",
    },
];
