//! Storage classes, shared volumes, budgets.

use crate::lab::{findings, shown, sound};

#[test]
fn a_longhorn_class_says_what_it_is_asked_for_and_keeps_its_volumes() {
    let resources = sound(
        r#"stack home
storage-class fast replicas=2 disks=ssd default=#true { parameters { dataLocality best-effort; fsType xfs; }; }
storage-class other provisioner="example.com/disks" reclaim=Delete
"#,
    );
    insta::assert_snapshot!("longhorn_class", shown(&resources, "storageclass/fast"));
    insta::assert_snapshot!("other_class", shown(&resources, "storageclass/other"));
}

#[test]
fn a_shared_volume_is_a_claim_and_an_export_brings_its_volume_along() {
    let resources = sound(
        r#"stack home namespace=media
storage-class bulk
volume library "2Ti" class=bulk access=ReadWriteMany
volume photos "500Gi" nfs="nfs://10.0.0.20/export/photos"
"#,
    );
    insta::assert_snapshot!("claim", shown(&resources, "persistentvolumeclaim/media/library"));
    insta::assert_snapshot!("nfs_claim", shown(&resources, "persistentvolumeclaim/media/photos"));
    insta::assert_snapshot!("nfs_volume", shown(&resources, "persistentvolume/home-photos"));
}

#[test]
fn longhorns_words_mean_nothing_to_others() {
    insta::assert_snapshot!(
        "not_longhorn",
        findings(
            "stack home\nstorage-class a provisioner=\"example.com/x\" replicas=2 disks=ssd\n"
        )
    );
}
