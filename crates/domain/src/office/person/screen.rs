//! What a person chooses of their own screen.

coded! {
    /// After which time without activity a child's details leave the screen: the usual, or ten times it for who reads slowly.
    HidesAfter {
        Two "2" "2 minutes";
        Twenty "20" "20 minutes";
    }
}

impl HidesAfter {
    /// The minutes.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        match self {
            Self::Two => 2,
            Self::Twenty => 20,
        }
    }

    /// The choice of so many minutes; the usual for any that is none.
    #[must_use]
    pub const fn of(minutes: i64) -> Self {
        if minutes == 20 { Self::Twenty } else { Self::Two }
    }
}

#[cfg(test)]
mod tests {
    use super::HidesAfter;

    #[test]
    fn every_choice_is_read_back_from_its_minutes() {
        for choice in HidesAfter::ALL {
            assert_eq!(HidesAfter::of(i64::from(choice.minutes())), *choice);
            assert_eq!(choice.code(), choice.minutes().to_string());
        }
        assert_eq!(HidesAfter::of(0), HidesAfter::Two);
    }
}
