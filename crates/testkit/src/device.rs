//! A device that makes passkeys and shows them, in process: what a browser sends on for it, so that a test can send something
//! else too; and the codes of a second step.

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use placewell_app::clock::Machine;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use totp_rs::{Builder, Secret};

use crate::issuer::part;

/// The holder is there; and it is known that it is the holder.
const PRESENT: u8 = 1;
const VERIFIED: u8 = 4;
/// A new credential follows.
const CREDENTIAL: u8 = 64;

/// The device, with one passkey.
pub struct Device {
    /// The address at which its browser believes to be.
    pub origin: String,
    /// Whether it asks for a finger, a face or a code.
    pub verifies: bool,
    /// How often the passkey was used; a device counts each time.
    pub uses: u32,
    /// The passkey's id.
    pub id: [u8; 16],
    key: SigningKey,
}

impl Device {
    /// A device whose passkey is of these seeds: its id, and its key.
    pub fn new(origin: &str, (id, key): (u8, u8)) -> Self {
        let key = SigningKey::from_slice(&[key; 32]).unwrap();
        Self { origin: origin.to_owned(), verifies: true, uses: 0, id: [id; 16], key }
    }

    /// What the browser says it was asked for, and where.
    fn said(&self, kind: &str, challenge: &Value) -> Vec<u8> {
        let said = json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false});
        said.to_string().into_bytes()
    }

    /// What the device says of itself to a service of this name.
    fn data(&mut self, service: &Value, more: u8) -> Vec<u8> {
        self.uses += 1;
        let mut data = Sha256::digest(service.as_str().unwrap().as_bytes()).to_vec();
        data.push(PRESENT | more | if self.verifies { VERIFIED } else { 0 });
        data.extend(self.uses.to_be_bytes());
        data
    }

    /// Makes the passkey, as a page asks for one.
    pub fn make(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        let mut data = self.data(&options["rp"]["id"], CREDENTIAL);
        data.extend([0; 16]);
        data.extend([0, 16]);
        data.extend(self.id);
        // The public key: a point of P-256, for ES256.
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = point.as_bytes()[1..].split_at(32);
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(x);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(y);
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x58");
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        let response = json!({
            "attestationObject": part(&object),
            "clientDataJSON": part(&self.said("webauthn.create", &options["challenge"])),
        });
        self.sent(&response)
    }

    /// Shows the passkey, as a page asks for it.
    pub fn show(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        let said = self.said("webauthn.get", &options["challenge"]);
        let data = self.data(&options["rpId"], 0);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(&said));
        let signature: Signature = self.key.sign(&signed);
        let response = json!({
            "authenticatorData": part(&data),
            "clientDataJSON": part(&said),
            "signature": part(signature.to_der().as_bytes()),
            "userHandle": null,
        });
        self.sent(&response)
    }

    fn sent(&self, response: &Value) -> String {
        let id = part(&self.id);
        json!({"id": id, "rawId": id, "type": "public-key", "response": response}).to_string()
    }
}

/// The code of a second step that a device with this secret shows now.
pub fn code_now(secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let device = Builder::new().with_secret(secret).with_account_name("a").build().unwrap();
    device.generate(Machine::now().as_second().unsigned_abs()).to_string()
}
