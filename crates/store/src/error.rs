//! What can go wrong below a command: a constraint that stands for a rule, a lost race, or a fault of ours.

use placewell_domain::outcome::Refusal;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A constraint that holds a rule refused the write; named as the database names it.
    #[error("constraint {0}")]
    Constraint(String),
    /// The record was changed since it was read.
    #[error("changed meanwhile")]
    Conflict,
    /// No such record in this organisation.
    #[error("not found")]
    NotFound,
    /// The database asked for another try: serialisation, deadlock, busy.
    #[error("try again")]
    Retry,
    /// A lock, or a connection of the pool, was waited for too long: more tries would only add to the wait.
    #[error("busy")]
    Busy,
    /// Anything else; the text is for the log only.
    #[error("fault: {0}")]
    Fault(String),
}

impl StoreError {
    /// A fault with its context.
    pub fn fault(context: impl std::fmt::Display) -> Self {
        Self::Fault(context.to_string())
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::Exec(RuntimeErr::SqlxError(inner))
            | DbErr::Query(RuntimeErr::SqlxError(inner))
            | DbErr::Conn(RuntimeErr::SqlxError(inner)) => from_sqlx(inner),
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => Self::Busy,
            _ => Self::fault(error),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        from_sqlx(&error)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, Some(message)) = &error else { return Self::fault(error) };
        if matches!(failure.extended_code, 5 | 6 | 261 | 517) || is_own_id(message) {
            return Self::Retry;
        }
        sqlite_constraint(message).map_or_else(|| Self::fault(&error), Self::Constraint)
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Fault(format!("a stored record does not read: {error}"))
    }
}

fn from_sqlx(error: &sqlx::Error) -> StoreError {
    let database = match error {
        sqlx::Error::Database(database) => database,
        sqlx::Error::PoolTimedOut => return StoreError::Busy,
        _ => return StoreError::fault(error),
    };
    let code = database.code().unwrap_or_default();
    match code.as_ref() {
        "40001" | "40P01" => return StoreError::Retry,
        "55P03" => return StoreError::Busy,
        _ => {}
    }
    if is_new_id_taken(database.as_ref()) {
        return StoreError::Retry;
    }
    let named = database.constraint().map(ToOwned::to_owned).or_else(|| sqlite_constraint(database.message()));
    named.map_or_else(|| StoreError::fault(error), StoreError::Constraint)
}

/// Two nodes gave the same new id: only a row's own id was taken, so the next try brings another.
fn is_new_id_taken(error: &(dyn sqlx::error::DatabaseError + 'static)) -> bool {
    if let Some(postgres) = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
        let detail = postgres.detail().unwrap_or_default();
        let of_id = detail.starts_with("Key (id)=") || detail.starts_with("Key (org_id, id)=");
        return postgres.code() == "23505" && of_id;
    }
    false
}

/// The same as SQLite says it.
fn is_own_id(message: &str) -> bool {
    let columns = message.strip_prefix("UNIQUE constraint failed: ").unwrap_or_default();
    let names: Vec<&str> =
        columns.split(", ").filter_map(|column| column.split_once('.')).map(|(_, name)| name).collect();
    names == ["id"] || names == ["org_id", "id"]
}

/// SQLite names a CHECK, gives the text of a RAISE, and only the columns of a UNIQUE.
fn sqlite_constraint(message: &str) -> Option<String> {
    for prefix in ["CHECK constraint failed: ", "UNIQUE constraint failed: ", "FOREIGN KEY constraint failed"] {
        if let Some(rest) = message.strip_prefix(prefix) {
            return Some(if rest.is_empty() { "foreign_key".to_owned() } else { rest.to_owned() });
        }
    }
    let word = message.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_' || letter.is_ascii_digit());
    (word && !message.is_empty()).then(|| message.to_owned())
}

/// One constraint that stands for a rule: how either database names it, and the refusal it means.
pub struct RuleConstraint {
    /// The constraint's name, or SQLite's column list of a UNIQUE.
    pub names: &'static [&'static str],
    /// The refusal's code.
    pub code: &'static str,
    /// The rule, in a reader's words.
    pub rule: &'static str,
    /// What cannot be done, and why.
    pub sentence: &'static str,
    /// Who can change it.
    pub who: &'static str,
}

/// Every constraint that a person's request can meet. A room adds its own rows; a test reaches each on both databases.
pub const RULE_CONSTRAINTS: &[RuleConstraint] = &[
    RuleConstraint {
        names: &["scoring_fixed"],
        code: "scoring_fixed",
        rule: "How offers are scored is fixed before a referral goes to homes",
        sentence: "Homes were asked under a scoring, so it cannot be changed.",
        who: "Nobody: start again from this referral to search under another scoring",
    },
    RuleConstraint {
        names: &["scoring_missing"],
        code: "scoring_missing",
        rule: "How offers are scored is fixed before a referral goes to homes",
        sentence: "The referral says nothing of how its offers are scored, so it is not sent.",
        who: "The placement officer, by choosing the weights with who to ask",
    },
    RuleConstraint {
        names: &["each_resident_considered"],
        code: "resident_left_out",
        rule: "The home's impact assessment on each resident comes with the offer",
        sentence: "The impact assessment does not speak of each child who lives at the home on the first night.",
        who: "The provider, by saying for each what the child's coming means",
    },
    RuleConstraint {
        names: &["one_paper_of_a_number", "paper.org_id, paper.home_id, paper.kind, paper.reference"],
        code: "paper_numbered",
        rule: "A document is held once under its number",
        sentence: "A document of this kind is held under this number already.",
        who: "You, by opening the list again and renewing it there",
    },
    RuleConstraint {
        names: &["one_answer_to_a_doubt", "doubt_answer.org_id, doubt_answer.doubt_id"],
        code: "doubt_answered",
        rule: "A doubt is answered once, for every authority to read",
        sentence: "This doubt is answered already.",
        who: "Nobody: the answer stands; an authority that still doubts notes it anew",
    },
    RuleConstraint {
        names: &["search_held"],
        code: "search_held",
        rule: "A search beside a stability alert is held until somebody says why it goes out",
        sentence: "This search is held beside a stability alert. It is not sent before it is released.",
        who: "The placement officer, by releasing it with its reason",
    },
    RuleConstraint {
        names: &[
            "one_confirmation_of_a_week",
            "support_week.org_id, support_week.agreement_id, support_week.label, support_week.line_from, support_week.week",
        ],
        code: "week_confirmed",
        rule: "Hours of extra support: a week is confirmed once",
        sentence: "This week is confirmed already.",
        who: "The home's manager, by correcting it until the authority has agreed",
    },
    RuleConstraint {
        names: &["support_week_hours"],
        code: "hours_of_a_week",
        rule: "Hours of extra support: at most 168 hours a week",
        sentence: "A week has 168 hours; no more can be delivered in it.",
        who: "The home's manager, by entering what was delivered",
    },
    RuleConstraint {
        names: &["one_return_of_a_quarter", "quality_return.org_id, quality_return.home_id, quality_return.quarter"],
        code: "return_scheduled",
        rule: "A home has one quality return for a quarter",
        sentence: "This home has its return for that quarter already.",
        who: "Nobody: it is corrected, with its history",
    },
    RuleConstraint {
        names: &["one_open_stability_alert", "stability_alert.org_id, stability_alert.agreement_id"],
        code: "alert_open",
        rule: "One stability alert is open for a placement at a time",
        sentence: "A stability alert about this placement is open already.",
        who: "The placement officer, by closing it",
    },
    RuleConstraint {
        names: &["within_ceiling"],
        code: "ceiling_reached",
        rule: "Annual value: what is planned never passes the ceiling of the decision",
        sentence: "This would commit more than the authority's annual value allows in a contract year.",
        who: "The decision maker, by a decision that raises the annual value",
    },
    RuleConstraint {
        names: &["no_annual_value"],
        code: "no_annual_value",
        rule: "Annual value: each contract year is adopted by a decision",
        sentence: "No decision gives this authority an annual value for one of the contract years concerned.",
        who: "The decision maker, by adopting the annual value for that year",
    },
    RuleConstraint {
        names: &["ceiling_below_committed"],
        code: "ceiling_below_committed",
        rule: "Annual value: a lowered ceiling that is already passed is an exception with reason and person",
        sentence: "The new ceiling is below what is committed. The decision must say that it accepts the excess.",
        who: "The decision maker",
    },
    RuleConstraint {
        names: &[
            "arrangement_use_once",
            "arrangement_use.org_id, arrangement_use.arrangement_id, arrangement_use.act, arrangement_use.subject",
        ],
        code: "decided_already",
        rule: "An operational decision is taken once",
        sentence: "Your authority has decided this already.",
        who: "Nobody: it stands",
    },
    RuleConstraint {
        names: &["decision_reference", "decision.org_id, decision.reference"],
        code: "decision_reference_taken",
        rule: "Each decision has a reference of its own",
        sentence: "Another decision of this authority already has that reference.",
        who: "A democratic services officer, by giving another reference",
    },
    RuleConstraint {
        names: &["bed_taken"],
        code: "bed_taken",
        rule: "One child, one bed: a bed is used once on any night",
        sentence: "That bed is taken or out of service on some of those nights.",
        who: "The home, by offering another bed",
    },
    RuleConstraint {
        names: &["solo_beside", "solo_twice"],
        code: "solo_beside",
        rule: "A child who lives alone: no other child in the home on those nights",
        sentence: "A child who must live alone would share the home with another child on some of those nights.",
        who: "The home, once the other stay has ended",
    },
    RuleConstraint {
        names: &["child_elsewhere"],
        code: "child_elsewhere",
        rule: "One child, one bed: a child has one bed on any night",
        sentence: "The child of this agreement already has a bed on some of those nights.",
        who: "The placing authority, by ending the other stay first",
    },
    RuleConstraint {
        names: &["one_admission"],
        code: "one_admission",
        rule: "A home is admitted to a lot once at a time",
        sentence: "The home is already on this lot on some of those days.",
        who: "Commissioning lead of the regional team",
    },
    RuleConstraint {
        names: &["admission_without_ground", "ground_not_evaluated"],
        code: "admission_without_ground",
        rule: "An admission rests on a record of evaluation, or on the exceptional road with its reason",
        sentence: "The provider was not admitted on an evaluation record or a stated reason by that day.",
        who: "Commissioning lead of the regional team, by admitting the provider on its evaluation or with the reason",
    },
    RuleConstraint {
        names: &["bed_label", "bed.org_id, bed.home_id, bed.label"],
        code: "bed_label_taken",
        rule: "Each bed of a home has a name of its own",
        sentence: "The home already has a bed of that name.",
        who: "The home, by giving another name",
    },
    RuleConstraint {
        names: &[
            "one_open_offer",
            "offer.org_id, offer.referral_id, offer.home_id",
            "offer.referral_id, offer.home_id",
        ],
        code: "one_open_offer",
        rule: "A home has one open offer to a referral",
        sentence: "This home already has an open offer for this referral.",
        who: "The home, by changing or withdrawing the open offer",
    },
    RuleConstraint {
        names: &[
            "one_agreement",
            "one_agreement_of_offer",
            "agreement.org_id, agreement.referral_id",
            "agreement.org_id, agreement.offer_id",
        ],
        code: "one_agreement",
        rule: "A referral leads to one agreement",
        sentence: "An agreement for this referral has already been prepared.",
        who: "Nobody: open the agreement that exists",
    },
    RuleConstraint {
        names: &["agreement_moved_once", "agreement_move.org_id, agreement_move.agreement_id"],
        code: "moved_already",
        rule: "An agreement is moved to the successor once, with the consent of both sides",
        sentence: "This agreement was moved before.",
        who: "Nobody: open the agreement as it is now",
    },
    RuleConstraint {
        names: &["arrangement_left_once", "arrangement_leave.org_id, arrangement_leave.arrangement_id"],
        code: "left_already",
        rule: "An authority leaves an arrangement once",
        sentence: "Your authority has left already.",
        who: "Nobody: it stands",
    },
    RuleConstraint {
        names: &[
            "terms_accepted_once",
            "terms_acceptance.org_id, terms_acceptance.arrangement_id, terms_acceptance.terms",
        ],
        code: "accepted_already",
        rule: "A version of the terms is accepted once",
        sentence: "Your organisation has accepted this version already.",
        who: "Nobody: it stands",
    },
    RuleConstraint {
        names: &["approval_asked", "approval.org_id, approval.referral_id, approval.kind"],
        code: "approval_asked",
        rule: "An approval is asked for once at a time",
        sentence: "This approval has been asked for already.",
        who: "Nobody: open the request that exists",
    },
    RuleConstraint {
        names: &["one_spot", "spot.org_id, spot.referral_id, spot.home_id"],
        code: "one_spot",
        rule: "One spot purchase of a home for a child at a time",
        sentence: "A spot purchase at this home is recorded for this referral already.",
        who: "Nobody: open the spot purchase that exists",
    },
    RuleConstraint {
        names: &["spot_first"],
        code: "spot_first",
        rule: "Spot purchase: only from a referral, for that child, with a coded reason and its evidence",
        sentence: "No spot purchase is recorded for this child at this home, so no agreement is made outside the arrangement.",
        who: "The placement officer, by starting a spot purchase from the referral",
    },
    RuleConstraint {
        names: &["one_check", "pre_check.org_id, pre_check.referral_id, pre_check.home_id, pre_check.item"],
        code: "one_check",
        rule: "Each check stands once for a home and a child",
        sentence: "Somebody began this check meanwhile.",
        who: "You, by opening the check again",
    },
    RuleConstraint {
        names: &["one_unregistered", "unregistered_stay.org_id, unregistered_stay.child_id"],
        code: "one_unregistered",
        rule: "A child in an unregistered setting has one record that goes on",
        sentence: "A record of an unregistered setting goes on for this child already.",
        who: "Nobody: open the record that exists",
    },
    RuleConstraint {
        // SQLite names an index of an expression itself, in quotes.
        names: &["one_open_uplift", "index 'one_open_uplift'"],
        code: "one_open_uplift",
        rule: "One request for a rise is open for a line of a home on a lot",
        sentence: "A request for a rise in this price is open already.",
        who: "The provider, by following the open request or taking it back",
    },
    RuleConstraint {
        names: &["price_uplift_ahead"],
        code: "uplift_back_dated",
        rule: "A rise begins after the day on which it is asked for",
        sentence: "A price is not raised for nights that have passed.",
        who: "The provider, by a later day",
    },
    RuleConstraint {
        names: &["nomination_stands", "nomination.block_id, nomination.slot"],
        code: "bed_nominated",
        rule: "One child is nominated for a bed of a mini-block at a time",
        sentence: "A child is nominated for this bed already.",
        who: "The authority that nominated, by taking it back; or you, for another bed",
    },
    RuleConstraint {
        names: &["nomination_of_child", "nomination.org_id, nomination.referral_id"],
        code: "child_nominated",
        rule: "A child is nominated for one bed at a time",
        sentence: "This child is nominated for a bed of a mini-block already.",
        who: "You, by taking the other nomination back",
    },
    RuleConstraint {
        names: &["void_offer_stands", "void_offer.org_id, void_offer.block_id, void_offer.slot"],
        code: "void_offered",
        rule: "An empty bed of a mini-block is offered to one of its authorities at a time",
        sentence: "This bed is offered to another authority of the mini-block, or one has taken it.",
        who: "The authority whose turn it is, by passing",
    },
    RuleConstraint {
        names: &[
            "void_offered_once",
            "void_offer.org_id, void_offer.block_id, void_offer.slot, void_offer.since_night, void_offer.authority_id",
        ],
        code: "void_offered_once",
        rule: "Each authority of a mini-block is asked once for each time that a bed stands empty",
        sentence: "This authority has been offered this bed already.",
        who: "The next authority in the order",
    },
    RuleConstraint {
        names: &["resale_twice"],
        code: "resale_twice",
        rule: "A night of a block is sold once",
        sentence: "Some of these nights are offered to somebody already.",
        who: "The commissioning lead, by taking the other offer back",
    },
    RuleConstraint {
        names: &["block_month_once", "block_month.block_id, block_month.month"],
        code: "month_begun",
        rule: "A month of a block is settled once",
        sentence: "The other side has just begun to settle this month.",
        who: "You, by opening the month again",
    },
    RuleConstraint {
        names: &["block_bed_claimed"],
        code: "block_bed_claimed",
        rule: "A bed belongs to one mini-block on any night, from the first approval of its award on",
        sentence: "An authority has approved another mini-block's award with a bed of this one on some of those nights.",
        who: "The commissioning lead, by withdrawing the other award, or by an award with other beds or nights",
    },
    RuleConstraint {
        names: &["block_bed_taken"],
        code: "block_bed_taken",
        rule: "A bed belongs to one mini-block on any night",
        sentence: "A bed of this contract belongs to another mini-block on some of those nights.",
        who: "The commissioning lead, by an award with other beds or nights",
    },
    RuleConstraint {
        names: &["block_decided_once", "block_approval.org_id, block_approval.block_id, block_approval.step"],
        code: "block_decided_once",
        rule: "Each paying authority decides once on an award or a change",
        sentence: "Your authority has decided this already.",
        who: "Nobody: it stands",
    },
    RuleConstraint {
        names: &[
            "one_measure_for_a_reason",
            "standing_measure.org_id, standing_measure.subject_kind, standing_measure.subject_id, standing_measure.lot, \
             standing_measure.reason",
        ],
        code: "one_measure",
        rule: "One measure about a provider, home or lot for one reason at a time",
        sentence: "A measure for this reason waits or is in force already.",
        who: "The commissioning lead, by confirming, dropping or ending that one",
    },
    RuleConstraint {
        names: &["block_signed_once", "block_signature.org_id, block_signature.block_id, block_signature.content"],
        code: "block_signed_once",
        rule: "Each side of a mini-block signs what the contract says once",
        sentence: "Your side has signed what the contract says now.",
        who: "Nobody: it stands",
    },
    RuleConstraint {
        names: &[
            "grade_exempted_once",
            "grade_exemption.org_id, grade_exemption.referral_id, grade_exemption.home_id, grade_exemption.judged_on, \
             grade_exemption.until_date",
        ],
        code: "exempted_before",
        rule: "One exemption for a child at a home judged Inadequate, for each judgement and the day until which it holds",
        sentence: "An exemption for this child at this home is recorded already.",
        who: "Nobody: it stands",
    },
    RuleConstraint {
        names: &[
            "one_exemption_request",
            "exemption_request.org_id, exemption_request.referral_id, exemption_request.home_id, \
             exemption_request.judged_on",
        ],
        code: "exemption_asked",
        rule: "One request for an exemption waits for a child at a home judged Inadequate",
        sentence: "An exemption for this child at this home was asked for meanwhile.",
        who: "The director of children's services, by answering it",
    },
    RuleConstraint {
        names: &["block_opinion_pkey", "block_opinion.org_id, block_opinion.block_id, block_opinion.step"],
        code: "opinion_recorded",
        rule: "An opinion is recorded once",
        sentence: "The monitoring officer's opinion on this award is recorded already.",
        who: "Nobody: it stands",
    },
    RuleConstraint {
        names: &[
            "admission_application_once",
            "admission_application.org_id, admission_application.opening_id",
            "admission_draft_once",
            "admission_draft.org_id, admission_draft.opening_id",
        ],
        code: "application_once",
        rule: "A provider applies once to an opening",
        sentence: "A colleague has begun this application meanwhile.",
        who: "You, by opening it again",
    },
    RuleConstraint {
        names: &["evaluated_once", "evaluation.org_id, evaluation.application_id"],
        code: "evaluated_once",
        rule: "An application is evaluated once, and every authority relies on it",
        sentence: "The evaluation of this application has been begun already.",
        who: "Nobody: open the evaluation",
    },
    RuleConstraint {
        names: &[
            "one_evaluator_an_authority",
            "evaluation_panel.org_id, evaluation_panel.evaluation_id, evaluation_panel.authority_id",
            "seat_passed_on_once",
            "evaluation_seat.org_id, evaluation_seat.evaluation_id, evaluation_seat.conflicted_id",
            "seat_held",
        ],
        code: "evaluators_of_one_authority",
        rule: "Each evaluator is of another authority",
        sentence: "This authority has an evaluator on the panel already.",
        who: "Commissioning lead of the regional team, by naming an evaluator of another authority",
    },
    RuleConstraint {
        names: &[
            "evaluation_step_once",
            "evaluation_step.org_id, evaluation_step.evaluation_id, evaluation_step.person_id, evaluation_step.step",
        ],
        code: "declared_already",
        rule: "A conflict of interest is declared once, and scores are handed in once",
        sentence: "You have done this already.",
        who: "Commissioning lead of the regional team, by naming another evaluator",
    },
    RuleConstraint {
        names: &["one_sheet", "score_sheet.org_id, score_sheet.evaluation_id, score_sheet.person_id"],
        code: "one_sheet",
        rule: "An evaluator has one sheet of scores for an application, and an authority one that counts",
        sentence: "Scores of this application are begun already.",
        who: "You, by opening the page again",
    },
    RuleConstraint {
        names: &["scores_handed_in"],
        code: "scores_handed_in",
        rule: "Scores that were handed in stand; moderation finds the consensus",
        sentence: "The scores were handed in, so they cannot be changed.",
        who: "The panel, in moderation",
    },
];

/// The refusal that a constraint stands for, if it stands for one.
pub fn refusal_of(constraint: &str) -> Option<Refusal> {
    RULE_CONSTRAINTS
        .iter()
        .find(|row| row.names.contains(&constraint))
        .map(|row| Refusal::new(row.code, row.rule, row.sentence, row.who))
}
