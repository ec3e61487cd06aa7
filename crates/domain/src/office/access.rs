//! Who may ask for what: one table of role × action, and nothing beside it.
//!
//! A permission lets somebody ask. Whether the answer is yes is a matter of power (room `delegation`) and rules.

pub use role::Role;

pub mod cover;
pub mod glass;
mod role;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident: $($role:ident)*;)*) => {
        /// What a person can ask for: every command and every query names one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// Every action, in the table's order.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The action's name as printed in the table.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// The roles that may ask for it. This is the whole permission table.
            #[must_use]
            pub const fn roles(self) -> &'static [Role] {
                match self { $(Self::$name => &[$(Role::$role),*],)* }
            }
        }
    };
}

actions! {
    /// Read the arrangement, its lots, terms and participants.
    SeeArrangement: PlacementOfficer CommissioningLead ProviderManager Approver FinanceOfficer DemocraticServices Analyst Administrator Guest;
    /// Change the arrangement's lots, terms, participants and term.
    RunArrangement: CommissioningLead;
    /// Read an authority's decisions before they are public.
    SeeDecisions: DemocraticServices Approver FinanceOfficer PlacementOfficer Guest;
    /// Record, publish, call in, confirm and supersede decisions; set a ceiling from one.
    RecordDecision: DemocraticServices;
    /// Read what of an authority's decisions is exempt from publication.
    SeeExemptParts: DemocraticServices Approver;
    /// Read who holds which power.
    SeeDelegations: DemocraticServices Approver PlacementOfficer FinanceOfficer Guest;
    /// Record posts, holders, acting appointments, sub-delegations and urgency powers.
    RecordDelegation: DemocraticServices;
    /// Read the annual value and its ledger.
    SeeAnnualValue: FinanceOfficer Approver PlacementOfficer DemocraticServices Guest;
    /// Record the authority's reading of what counts, and exceptions.
    KeepAnnualValue: FinanceOfficer;
    /// Read how every authority of the region stands against its ceiling.
    SeeRegionValues: CommissioningLead Analyst;
    /// Read homes: registration, judgements, beds, standing.
    SeeHomes: PlacementOfficer CommissioningLead Approver FinanceOfficer Analyst Guest;
    /// Open the files about homes: what providers show, what shows that a concern was acted on; every opening is an event.
    SeeHomeFiles: PlacementOfficer CommissioningLead Approver FinanceOfficer Analyst;
    /// Bring in the regulator's register, and a home's admission, standing and prices.
    KeepHomes: CommissioningLead;
    /// Say of a home's facts what one's own side knows: the home, a council, or what the regulator published.
    SayOfHome: PlacementOfficer CommissioningLead ProviderManager;
    /// Ask for a rise in price for one's own homes, follow it, appeal.
    AskUplift: ProviderManager;
    /// Decide requests for a rise in price, and keep the formula.
    DecideUplift: CommissioningLead;
    /// Read how homes are watched: returns that were sent, visits, concerns, themes.
    SeeMonitoring: PlacementOfficer CommissioningLead Approver FinanceOfficer Analyst Guest;
    /// Ask homes for their quality returns, accept them or ask again.
    RunMonitoring: CommissioningLead;
    /// Visit homes, raise concerns about them and close one's own.
    WatchHomes: PlacementOfficer CommissioningLead;
    /// Fill a home's quality returns, answer concerns with a plan, confirm hours of extra support.
    AnswerMonitoring: ProviderManager;
    /// Read the alerts about placements under strain, with what is said of the child.
    SeeStability: PlacementOfficer Approver ProviderManager;
    /// Flag that a placement is under strain.
    FlagStrain: PlacementOfficer ProviderManager;
    /// Record what was agreed for a placement under strain, release its held search, close its alert.
    KeepStability: PlacementOfficer;
    /// Open the arrangement to applications, have them evaluated, and admit.
    RunAdmission: CommissioningLead;
    /// Read an evaluation record: criteria, consensus, gates with evidence, validity.
    SeeEvaluations: CommissioningLead PlacementOfficer Approver FinanceOfficer Analyst Guest;
    /// Score applications as a named evaluator, and note a doubt about an evaluation that one's authority relies on.
    EvaluateApplications: PlacementOfficer Approver FinanceOfficer;
    /// Apply for admission, ask about an opening, read one's own outcome and challenge it.
    ApplyForAdmission: ProviderManager;
    /// Keep a provider's own homes, beds and people.
    KeepOwnHomes: ProviderManager;
    /// Read an authority's referrals, invitations and offers.
    SeeReferrals: PlacementOfficer Approver Guest;
    /// Write, send, copy and withdraw a referral; ask homes; record their answers.
    MakeReferral: PlacementOfficer;
    /// Recall what a home was told by mistake, and assess its risk.
    KeepDisclosure: PlacementOfficer Approver;
    /// See who a child is; every reading is an event.
    SeeChild: PlacementOfficer Approver;
    /// Read what a provider's homes were asked.
    SeeInvitations: ProviderManager;
    /// Offer, decline, ask.
    AnswerInvitation: ProviderManager;
    /// Recommend an offer and ask for its approval.
    Recommend: PlacementOfficer;
    /// Read spot purchases, their checks, and children in unregistered settings, in figures and codes.
    SeeSpot: PlacementOfficer Approver FinanceOfficer Guest;
    /// Read requests for approval.
    SeeApprovals: Approver PlacementOfficer Guest;
    /// Approve, refuse, ask, pass on.
    Decide: Approver;
    /// Read agreements.
    SeeAgreements: PlacementOfficer Approver FinanceOfficer ProviderManager Guest;
    /// Open the copies of an agreement; every opening is an event, but for a guest's, who gets a print without words.
    SeeCopies: PlacementOfficer Approver FinanceOfficer ProviderManager Guest;
    /// Bring in an authority's own record of placements that began before this system.
    BringInHistory: PlacementOfficer;
    /// Bring in files of rows that one may enter by hand: homes, beds, prices, documents, placements, people.
    BringInFiles: PlacementOfficer CommissioningLead ProviderManager Administrator;
    /// Read the documents that belong to a child's stay; every reading is an event.
    SeePapers: PlacementOfficer Approver ProviderManager;
    /// Start, complete what it says about care, and keep what stands beside an agreement.
    RunAgreement: PlacementOfficer;
    /// Vary, review, end or cancel an agreement: the holder of the power, or an officer who records what the holder said.
    DecideAgreement: PlacementOfficer Approver;
    /// Give notice for one's own side; for the authority the holder of the power, or an officer who records it.
    GiveNotice: PlacementOfficer Approver ProviderManager;
    /// Sign for one's own side, and give its notice.
    SignAgreement: PlacementOfficer ProviderManager;
    /// Read mini-blocks: need, competition, contract, approvals.
    SeeBlocks: CommissioningLead Approver FinanceOfficer PlacementOfficer DemocraticServices Analyst Guest;
    /// Propose mini-blocks, compete for them, recommend, change and end them.
    RunBlocks: CommissioningLead;
    /// Read what one's homes are asked to bid for, and one's own mini-block contracts.
    SeeOwnBlocks: ProviderManager;
    /// Bid for a mini-block, decline, agree to a change of one's own contract.
    BidForBlocks: ProviderManager;
    /// Read the nights of a mini-block that is one's own: its ledger, its months, what it costs whom.
    SeeBlockNights: CommissioningLead Approver FinanceOfficer PlacementOfficer ProviderManager Analyst Guest;
    /// Nominate a child for an empty bed of a mini-block, and take it back.
    NominateToBlock: PlacementOfficer;
    /// Accept or refuse a nomination.
    AnswerNomination: ProviderManager;
    /// Record why beds stood empty, agree or dispute a month.
    KeepBlockNights: CommissioningLead ProviderManager;
    /// Offer empty nights of a mini-block to another authority.
    SellBlockNights: CommissioningLead;
    /// Read options appraisals, and try other assumptions.
    SeeAppraisals: Analyst Approver CommissioningLead FinanceOfficer DemocraticServices PlacementOfficer Guest;
    /// Save an options appraisal with what it rests on.
    KeepAppraisals: Analyst Approver CommissioningLead FinanceOfficer;
    /// Read the comparison of prices by route, the share through the arrangement, and what each route takes to arrange.
    SeeComparison: Analyst CommissioningLead Approver FinanceOfficer DemocraticServices PlacementOfficer Guest;
    /// Read the settings and what was ever recorded of them.
    SeeSettings: DemocraticServices FinanceOfficer CommissioningLead PlacementOfficer Approver Analyst Administrator Guest;
    /// Give a setting another value from a date on; each setting names who keeps it.
    KeepSettings: DemocraticServices FinanceOfficer CommissioningLead PlacementOfficer Approver Administrator;
    /// Keep the settings of the whole system: the operator's administrator alone.
    KeepSystem: Administrator;
    /// Read which children's records are due for erasure or held.
    SeeRetention: PlacementOfficer Approver;
    /// Mark and hold children's records, and propose that one whose years are over be erased.
    KeepRetention: PlacementOfficer Approver;
    /// Release a hold, and confirm an erasure that somebody else proposed.
    ConfirmErasure: Approver;
    /// Give out everything that is held about a child to somebody who may ask for it.
    ExportChild: PlacementOfficer Approver;
    /// Read the organisation's record of events, its feed, and the signed checkpoints of every organisation.
    SeeRecord: DemocraticServices CommissioningLead Approver FinanceOfficer Analyst Administrator;
    /// Keep users and jobs.
    Administer: Administrator;
    /// Arrange cover for one's own absence; an administrator, for anybody's of the organisation.
    ArrangeCover: PlacementOfficer CommissioningLead ProviderManager Approver FinanceOfficer DemocraticServices Analyst Administrator;
    /// Read when administrators looked at children's details, and why.
    SeeBrokenGlass: PlacementOfficer Approver Administrator;
    /// See one child's details as an administrator: for minutes, for a recorded reason, while the authority is told.
    BreakGlass: Administrator;
    /// Invite people, end their roles and sessions, and say how they sign in.
    KeepPeople: Administrator ProviderManager;
}

impl Action {
    /// Whether it reads and changes nothing.
    #[must_use]
    pub fn reads(self) -> bool {
        self.name().starts_with("See")
    }

    /// Whether a recent proof of who somebody is must stand before it: signing, approving, and changing who may do what. Where
    /// one act of several alone is one of these, its command says so itself.
    #[must_use]
    pub const fn needs_proof(self) -> bool {
        matches!(
            self,
            Self::Decide
                | Self::ConfirmErasure
                | Self::ExportChild
                | Self::SignAgreement
                | Self::DecideAgreement
                | Self::DecideUplift
                | Self::GiveNotice
                | Self::RecordDecision
                | Self::RecordDelegation
                | Self::KeepPeople
                | Self::ArrangeCover
                | Self::BreakGlass
        )
    }
}

/// Whether somebody in this role may ask for this.
#[must_use]
pub fn may(role: Role, action: Action) -> bool {
    action.roles().contains(&role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_may_look_and_never_change() {
        for action in Action::ALL.iter().filter(|action| may(Role::Guest, **action)) {
            assert!(action.name().starts_with("See"), "a guest may {}", action.name());
        }
        // What is recorded as read is written: a guest opens none of it.
        for action in [Action::SeeChild, Action::SeePapers, Action::SeeHomeFiles] {
            assert!(!may(Role::Guest, action), "a guest may {}", action.name());
        }
    }

    #[test]
    fn an_administrator_sees_no_child() {
        for action in [Action::SeeChild, Action::SeeReferrals, Action::SeeAgreements] {
            assert!(!may(Role::Administrator, action));
        }
    }

    #[test]
    fn signing_approving_and_changing_who_may_do_what_need_a_recent_proof() {
        let mut proven: Vec<&str> =
            Action::ALL.iter().copied().filter(|action| action.needs_proof()).map(Action::name).collect();
        proven.sort_unstable();
        let listed = [
            "ArrangeCover",
            "BreakGlass",
            "ConfirmErasure",
            "Decide",
            "DecideAgreement",
            "DecideUplift",
            "ExportChild",
            "GiveNotice",
            "KeepPeople",
            "RecordDecision",
            "RecordDelegation",
            "SignAgreement",
        ];
        assert_eq!(proven, listed);
    }

    #[test]
    fn who_recommends_does_not_decide() {
        for role in Role::ALL {
            assert!(!(may(*role, Action::Recommend) && may(*role, Action::Decide)), "{}", role.label());
        }
    }
}
