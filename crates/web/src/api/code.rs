//! The domain's lists of codes, as bodies have them: one code of a list, and in the description the list with its words.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! codes {
    ($($name:ident = $list:path;)*) => { $(
        /// One code of the domain's list of this name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name(pub $list);

        impl From<$list> for $name {
            fn from(value: $list) -> Self {
                Self(value)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.code())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = String::deserialize(deserializer)?;
                <$list>::from_code(&code).map(Self).ok_or_else(|| {
                    let known: Vec<_> = <$list>::ALL.iter().map(|value| value.code()).collect();
                    D::Error::custom(format!("found \"{code}\", send one of {}", known.join(", ")))
                })
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                described(<$list>::ALL.iter().map(|value| (value.code(), value.label())).collect())
            }
        }

        impl ToSchema for $name {}
    )* };
}

codes! {
    Act = placewell_domain::power::delegation::Act;
    CallInOutcome = placewell_domain::power::decision::CallInOutcome;
    ExceptionReason = placewell_domain::power::annual_value::ExceptionReason;
    GoverningBody = placewell_domain::power::decision::GoverningBody;
    LimbPower = placewell_domain::power::decision::LimbPower;
    NoticeKind = placewell_domain::power::decision::NoticeKind;
    PostGrade = placewell_domain::power::delegation::PostGrade;
    RemitArea = placewell_domain::power::delegation::RemitArea;
    Says = placewell_domain::power::decision::Says;
    StatutoryOffice = placewell_domain::power::delegation::StatutoryOffice;
}

fn described(all: Vec<(&'static str, &'static str)>) -> RefOr<Schema> {
    let words: Vec<String> = all.iter().map(|(code, label)| format!("`{code}`: {label}")).collect();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(all.into_iter().map(|(code, _)| code)))
        .description(Some(words.join("; ")))
        .into()
}
