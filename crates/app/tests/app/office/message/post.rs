//! What post hands over, and to whom: nothing to a mail server that does not prove who it is.

use std::sync::Arc;

use placewell_app::post::{Post, PostError};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// For 127.0.0.1, until 2199, and signed by nobody but itself.
const CERTIFICATE: &str = "\
    308201543081fba003020102020101300a06082a8648ce3d04030230173115301306035504030c0c6d61696c2e6578616d706c653020\
    170d3230303130313030303030305a180f32313939303130313030303030305a30173115301306035504030c0c6d61696c2e6578616d\
    706c653059301306072a8648ce3d020106082a8648ce3d03010703420004752b41467d0b6f4a240a345c4932560c62f4eb0ab5a3fed5\
    ce7a9b12aab7580c6e59f9d6e2cb20568d2b18dba7447d6dbba7b0d0e657c0fca1c9aaa90148f205a3363034300c0603551d130101ff\
    04023000300f0603551d110408300687047f00000130130603551d25040c300a06082b06010505070301300a06082a8648ce3d040302\
    034800304502207d64601929ef78056a0af75d579736471cad9f046556548c4092341f985899600221009a8f4c162d076888b325546a\
    07dc660417620d0dba5ee9691da5ee135735f86f";
/// Opens nothing: it is made for this test.
const ITS_KEY: &str = "\
    308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b020101042099bb817d8802bf03e28b0892821380f45f01\
    462c98160d770bcb16e9d78c3ee2a14403420004752b41467d0b6f4a240a345c4932560c62f4eb0ab5a3fed5ce7a9b12aab7580c6e59\
    f9d6e2cb20568d2b18dba7447d6dbba7b0d0e657c0fca1c9aaa90148f205";

fn signed_by_itself() -> TlsAcceptor {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(hex::decode(ITS_KEY).unwrap()));
    let certificate = CertificateDer::from(hex::decode(CERTIFICATE).unwrap());
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    TlsAcceptor::from(Arc::new(config.with_single_cert(vec![certificate], key).unwrap()))
}

#[tokio::test]
async fn no_mail_goes_to_a_server_whose_certificate_nobody_vouches_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("smtps://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let post = Post::new(&server, "Placewell <placewell@region.example>", "https://region.example").unwrap();
    let acceptor = signed_by_itself();
    let shaken = async {
        let (stream, _) = listener.accept().await.unwrap();
        acceptor.accept(stream).await.map(|_| ())
    };
    let (shaken, answers) = tokio::join!(shaken, post.answers());
    assert!(matches!(answers, Err(PostError::Refused(_))), "{answers:?}");
    // It is the certificate that is refused, and by whom it is signed.
    let refused = shaken.unwrap_err().to_string();
    assert!(refused.contains("UnknownCA"), "{refused}");
}
