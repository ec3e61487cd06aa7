//! Invented names: of homes, of their owners, of staff and of children. No name is that of a real provider or person;
//! a test holds the owners' names against the words that real ones use.

/// First words of homes' names.
const HOME_FIRST: &[&str] = &[
    "Alder", "Apple", "Ash", "Beech", "Birch", "Bracken", "Bramble", "Briar", "Brook", "Cherry", "Clover", "Copper",
    "Daisy", "Damson", "Elder", "Elm", "Fern", "Foxglove", "Furze", "Hawthorn", "Hazel", "Heather", "Holly", "Honey",
    "Ivy", "Juniper", "Kestrel", "Larch", "Lark", "Laurel", "Lilac", "Lime", "Linden", "Maple", "Marigold", "Meadow",
    "Medlar", "Merlin", "Mill", "Mulberry", "Nutwood", "Oak", "Orchard", "Otter", "Pear", "Pine", "Poplar", "Primrose",
    "Quince", "Robin", "Rosehip", "Rowan", "Rush", "Sedge", "Skylark", "Sorrel", "Starling", "Swift", "Sycamore",
    "Teasel", "Thistle", "Thorn", "Walnut", "Willow", "Wren", "Yarrow", "Yew",
];
/// Last words of homes' names.
const HOME_LAST: &[&str] =
    &["House", "Lodge", "Cottage", "Grange", "View", "Bank", "Farm", "Place", "End", "Croft", "Rise", "Court"];

/// The name of the home with this number: no two of the first 804 are the same.
pub fn home(number: usize) -> String {
    let at = number % HOME_FIRST.len();
    let first = HOME_FIRST[at * 29 % HOME_FIRST.len()];
    let last = HOME_LAST[(number / HOME_FIRST.len() + at * 5) % HOME_LAST.len()];
    format!("{first} {last}")
}

const OWNER_FIRST: &[&str] = &[
    "Amberfold",
    "Arrowhurst",
    "Barleymere",
    "Bellwether Lane",
    "Blueharrow",
    "Brindlecombe",
    "Calderwick",
    "Candlewharf",
    "Clearfold",
    "Corvedale Green",
    "Dovebarrow",
    "Eastmarle",
    "Fallowmead",
    "Farthingwell",
    "Fieldgate Row",
    "Gildenshaw",
    "Greyfallow",
    "Halcyon Yard",
    "Harrowdene",
    "Inglewharf",
    "Kingsbarrow",
    "Lanternfield",
    "Larkhollow",
    "Littlebarn",
    "Lowmarle",
    "Marlpit Lane",
    "Millharrow",
    "Netherfold",
    "Nightjar",
    "Northbarrow",
    "Oldcastle Green",
    "Pennyfold",
    "Quarrymere",
    "Ravensdell",
    "Redmarley Gate",
    "Ridgeharrow",
    "Saltersbrook",
    "Silverhaugh",
    "Stonefallow",
    "Summerlease",
    "Tallowbridge",
    "Thornharrow",
    "Underbarrow",
    "Wainfold",
    "Wayfarer Yard",
    "Westmarle",
    "Whitefallow",
    "Winterbarn",
    "Wyrefold",
    "Yarrowmere",
];
const OWNER_LAST: &[&str] = &["Children's Homes Ltd", "Residential Care Ltd", "Homes for Children Ltd"];

/// The name of the private owner with this number: no two of the first 150 are the same.
pub fn owner(number: usize) -> String {
    let first = OWNER_FIRST[number % OWNER_FIRST.len()];
    format!("{first} {}", OWNER_LAST[(number / OWNER_FIRST.len()) % OWNER_LAST.len()])
}

/// Words that real owners of the register use in their names; none stands in an invented one.
#[cfg(test)]
pub const REAL_OWNERS: &[&str] = &[
    "keys",
    "cambian",
    "priory",
    "horizon",
    "dmr",
    "compass",
    "witherslack",
    "outcomes first",
    "care today",
    "hexagon",
    "acorn",
    "esland",
    "sandcastle",
    "barnardo",
    "action for children",
    "five rivers",
    "homes 2 inspire",
    "young foundations",
];

const GIVEN: &[&str] = &[
    "Aaliyah", "Adam", "Aisha", "Alfie", "Amelia", "Amir", "Ava", "Bethan", "Callum", "Carys", "Charlie", "Chloe",
    "Daniel", "Daisy", "Dylan", "Ella", "Ellis", "Emily", "Ethan", "Evie", "Finley", "Freya", "George", "Grace",
    "Hamza", "Harry", "Imogen", "Isaac", "Isla", "Jack", "Jasmine", "Jayden", "Kian", "Kiera", "Layla", "Leo", "Lewis",
    "Lily", "Logan", "Maisie", "Mason", "Maya", "Megan", "Mohammed", "Nathan", "Niamh", "Noah", "Oliver", "Olivia",
    "Oscar", "Poppy", "Rhys", "Riley", "Ruby", "Ryan", "Samir", "Sienna", "Sofia", "Thomas", "Tyler", "Zara",
];
const FAMILY: &[&str] = &[
    "Abberley",
    "Ainscombe",
    "Barlowe",
    "Bexwell",
    "Birdlip",
    "Brackley",
    "Cawthorne",
    "Chelmarsh",
    "Clunbury",
    "Cordwain",
    "Dallimore",
    "Dinmore",
    "Eastnor",
    "Fairclough",
    "Fernhough",
    "Garraway",
    "Gladwin",
    "Hallowes",
    "Harescombe",
    "Hopesay",
    "Inkberrow",
    "Jellicoe",
    "Kinlet",
    "Kyrewood",
    "Lambrick",
    "Ledwyche",
    "Lyddiate",
    "Mamble",
    "Marchment",
    "Norbury",
    "Oakden",
    "Orleton",
    "Peckforton",
    "Pencombe",
    "Quarrell",
    "Ramsden",
    "Rushbury",
    "Selwyn",
    "Shelsley",
    "Stoulton",
    "Tedstone",
    "Thornbury",
    "Upcott",
    "Varley",
    "Wainlode",
    "Whitbourne",
    "Wistan",
    "Yarnold",
    "Yieldsham",
];

/// An invented child's given and family name.
pub fn child(number: usize) -> (&'static str, &'static str) {
    (GIVEN[(number * 17) % GIVEN.len()], FAMILY[(number * 11 + number / GIVEN.len()) % FAMILY.len()])
}

/// An invented member of staff.
pub fn staff(number: usize) -> String {
    const STAFF_GIVEN: &[&str] = &[
        "Alison",
        "Amrit",
        "Andrew",
        "Beverley",
        "Brian",
        "Carol",
        "Colin",
        "Denise",
        "Derek",
        "Farah",
        "Gareth",
        "Gillian",
        "Harpreet",
        "Helen",
        "Ian",
        "Jacqueline",
        "Julian",
        "Kamal",
        "Kathryn",
        "Leroy",
        "Lorraine",
        "Martin",
        "Nasreen",
        "Neil",
        "Olwen",
        "Patrick",
        "Rachel",
        "Rashid",
        "Rosemary",
        "Stephen",
        "Sunita",
        "Trevor",
        "Valerie",
        "Wendy",
        "Yvonne",
    ];
    let given = STAFF_GIVEN[(number * 13) % STAFF_GIVEN.len()];
    format!("{given} {}", FAMILY[(number * 7 + 3 + number / STAFF_GIVEN.len()) % FAMILY.len()])
}

/// A name as part of an address.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.to_lowercase().chars().filter(|letter| *letter != '\'' && *letter != '’') {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').trim_end_matches("-ltd").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_homes_and_no_two_owners_share_a_name() {
        assert_eq!((0..450).map(home).collect::<BTreeSet<_>>().len(), 450);
        assert_eq!((0..130).map(owner).collect::<BTreeSet<_>>().len(), 130);
        assert_eq!((0..130).map(|number| slug(&owner(number))).collect::<BTreeSet<_>>().len(), 130);
    }

    #[test]
    fn no_owner_bears_a_real_owners_name() {
        for number in 0..150 {
            let name = owner(number).to_lowercase();
            assert!(REAL_OWNERS.iter().all(|real| !name.contains(real)), "{name}");
        }
    }
}
