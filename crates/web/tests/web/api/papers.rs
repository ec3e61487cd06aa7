//! Files of a provider's documents over the API: brought, listed, followed by a newer one, and read by whom their document is
//! shown to.

use placewell_domain::office::access::Role;
use placewell_testkit::client::{MULTIPART, multipart};
use serde_json::{Value, json};

use super::world::{World, both_made};

const LIST: &str = "/api/v1/provider/documents";
const SEEN: &str = "/api/v1/homes/SC400001/documents";

/// A form with a file of this content.
fn file(content: &[u8]) -> Vec<u8> {
    multipart(std::iter::empty(), Some(("Certificate.pdf", content)))
}

/// The provider's one document.
async fn own(world: &World) -> Value {
    world.elm.get(LIST).await.is(200).json["documents"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn v_07_a_file_is_brought_and_read_over_json_and_a_rival_finds_nothing() {
    both_made(async |database| {
        let world = World::opened(&database).await;
        let document = json!({
            "document": "insurance_public", "reference": "PL-1", "from": "2021-04-01", "expires_on": "2022-03-31",
            "seen_by": "members"
        });
        world.elm.post(LIST, &[], &document).await.is(201);
        let held = own(&world).await;
        assert_eq!(held["files"], json!([]), "a document is kept without a file too");
        let files = format!("{LIST}/{}/files", held["id"].as_str().unwrap());
        for (content, status, code) in
            [(b"MZ executable".as_slice(), 415, "document_kind"), (b"%PDF-1.7 /JavaScript", 415, "document_macros")]
        {
            let refused = world.elm.raw(&files, &[], MULTIPART, file(content)).await;
            assert_eq!(refused.problem(), (status, code));
        }
        assert_eq!(own(&world).await["files"], json!([]), "nothing is written");
        for content in [b"%PDF-1.7 first".as_slice(), b"%PDF-1.7 second"] {
            world.elm.raw(&files, &[], MULTIPART, file(content)).await.is(201);
        }
        let listed = world.elm.get(&files).await.is(200).json;
        let names = |key: &str| [listed[0][key].clone(), listed[1][key].clone()];
        assert_eq!(names("name"), [json!("document-2.pdf"), json!("document-1.pdf")]);
        assert_eq!(names("came_as"), [json!("Certificate.pdf"), json!("Certificate.pdf")]);
        assert_eq!(own(&world).await["files"][0]["sha256"], listed[0]["sha256"]);

        let read = world.elm.get(&format!("{files}/{}", listed[0]["id"].as_str().unwrap())).await.is(200);
        assert_eq!(read.bytes, b"%PDF-1.7 second");
        assert!(read.header("content-disposition").starts_with("attachment"));
        let seen = world.officer.get(SEEN).await.is(200).json["documents"][0].clone();
        assert_eq!(seen["files"][1]["name"], "document-1.pdf");
        let first = format!("files/{}", seen["files"][1]["id"].as_str().unwrap());
        let shown = format!("{SEEN}/{}/{first}", seen["id"].as_str().unwrap());
        let lead = world.region.caller("region", Role::CommissioningLead).await;
        for reader in [&world.officer, &world.stranger, &lead] {
            assert_eq!(reader.get(&shown).await.is(200).bytes, b"%PDF-1.7 first", "every authority and the region");
        }

        let (asked, absent) = (
            world.ash.get(&format!("{files}/{}", listed[0]["id"].as_str().unwrap())).await,
            format!("{LIST}/0/files/0"),
        );
        assert_eq!(asked.problem(), world.ash.get(&absent).await.problem(), "as what is not there");
        assert_eq!(asked.problem(), (404, "not_found"));
        world.ash.get(&files).await.is(404);
        world.ash.get(&shown).await.is(403);
        world.ash.raw(&files, &[], MULTIPART, file(b"%PDF-1.7 a rival's")).await.is(404);
        assert_eq!(own(&world).await["files"].as_array().unwrap().len(), 2);
    })
    .await;
}
