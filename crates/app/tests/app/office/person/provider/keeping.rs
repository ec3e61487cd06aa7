//! What an administrator says of the organisation's sign-in: what it takes with it, and who is told.

use super::*;

impl World {
    async fn kept_by(&self, keep: KeepProvider) -> Answer<()> {
        let key = format!("keep {} {}", keep.version, keep.client_id);
        self.app.perform(&self.of(ADMINISTRATOR).await, &key, keep).await.map(|_| ())
    }

    async fn secret(&self) -> Option<String> {
        let hef = self.id("HEF").await;
        let kept = self.app.store.read(Some(hef)).await.unwrap().identity_provider(hef).await.unwrap();
        kept.unwrap().secret
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_of_one_provider_is_kept_for_no_other_issuer_and_no_other_client() {
    both(async |database| {
        let world = given(&database).await;
        world.connect(ADMINISTRATOR, "", false).await;
        let without = |version| KeepProvider { secret: String::new(), version, ..world.provider("", false) };
        let other_issuer = KeepProvider { issuer: "https://id.elsewhere.example".to_owned(), ..without(1) };
        let other_client = KeepProvider { client_id: "another".to_owned(), ..without(1) };
        for wrong in [other_issuer, other_client] {
            match world.kept_by(wrong).await {
                Err(Outcome::Invalid(invalid)) => {
                    assert_eq!(invalid.errors.len(), 1, "{invalid:?}");
                    assert_eq!(invalid.errors[0].field, "secret", "{invalid:?}");
                }
                other => panic!("{other:?}"),
            }
        }
        world.kept_by(without(1)).await.unwrap();
        assert_eq!(world.secret().await.as_deref(), Some("secret"), "the same provider's is lost");
        let with = KeepProvider { secret: "anew".to_owned(), client_id: "another".to_owned(), ..without(2) };
        world.kept_by(with).await.unwrap();
        assert_eq!(world.secret().await.as_deref(), Some("anew"));
    })
    .await;
}
