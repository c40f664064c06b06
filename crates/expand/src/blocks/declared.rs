//! What lints may know of a stack beside its objects.

use serde_json::Value;
use stackctl_lang::{Block, Gateway};
use stackctl_model::{
    AppVolume, Declared, DeclaredClass, DeclaredGateway, Exposure, GpuRequest, Holds, Lines,
    Origin, Silence, Span, Spot, Written,
};

use super::builder::StackBuilder;
use super::host::{gateway_of, host_of};
use crate::expanded_app::ExpandedApp;

/// All of it, in the order of the file.
pub(super) fn declared(builder: &StackBuilder<'_>) -> Declared {
    let places = Places(builder);
    let stack = builder.stack;
    let apps = || builder.apps.iter();
    Declared {
        classes: stack.storage_classes.iter().map(|class| places.class(class)).collect(),
        gpus: stack
            .nodes
            .iter()
            .flat_map(|node| &node.gpus)
            .map(|gpu| gpu.class.value.clone())
            .collect(),
        gpu_requests: apps().filter_map(|app| places.gpu(app)).collect(),
        gateways: stack.gateways.iter().map(|gateway| places.gateway(gateway)).collect(),
        exposures: apps().filter_map(|app| places.exposure(app)).collect(),
        volumes: apps().flat_map(|app| places.volumes(app)).collect(),
        silences: stack.silences.iter().map(|silence| places.silence(silence)).collect(),
    }
}

/// Turns spans into places that outlive the texts.
struct Places<'a, 'b>(&'a StackBuilder<'b>);

impl Places<'_, '_> {
    fn origin(&self, span: Span) -> Origin {
        self.0.sources.origin(span)
    }

    fn spot(&self, span: Span) -> Spot {
        Spot { span, origin: self.origin(span) }
    }

    fn written(&self, text: &str, span: Span) -> Written {
        Written { text: text.to_owned(), at: self.spot(span) }
    }

    fn class(&self, class: &stackctl_lang::StorageClass) -> DeclaredClass {
        let budget = class.budget.as_ref();
        DeclaredClass {
            name: self.written(&class.name.value, class.name.span),
            budget: budget.map(|budget| self.written(&budget.value.to_string(), budget.span)),
            is_default: class.default,
        }
    }

    fn gpu(&self, app: &ExpandedApp) -> Option<GpuRequest> {
        let class = app.said("gpu").last()?.args.first()?;
        let text = class.value.as_text()?;
        Some(GpuRequest { app: app.name.clone(), class: self.written(text, class.span) })
    }

    fn gateway(&self, gateway: &Gateway) -> DeclaredGateway {
        let hosts = gateway.listeners.iter().map(|listener| listener.host.value.clone());
        DeclaredGateway {
            name: gateway.name.value.clone(),
            at: self.spot(gateway.span),
            hosts: hosts.collect(),
        }
    }

    fn exposure(&self, app: &ExpandedApp) -> Option<Exposure> {
        let path = app.value("expose").get("path").and_then(Value::as_str).unwrap_or("/");
        Some(Exposure {
            app: app.name.clone(),
            gateway: gateway_of(self.0.stack, app)?.name.value.clone(),
            host: host_of(self.0.stack, app)?,
            path: path.to_owned(),
            at: self.spot(app.span_of_word("expose")),
        })
    }

    fn volumes(&self, app: &ExpandedApp) -> Vec<AppVolume> {
        app.said("volume").iter().filter_map(|block| self.volume(app, block)).collect()
    }

    fn volume(&self, app: &ExpandedApp, block: &Block) -> Option<AppVolume> {
        let text = |name: &str| {
            let value = block.prop(name)?;
            Some(self.written(value.value.as_text()?, value.span))
        };
        let holds = match block.prop("holds").and_then(|value| value.value.as_text()) {
            Some("sqlite") => Some(Holds::Sqlite),
            Some(_) | None => None,
        };
        Some(AppVolume {
            app: app.name.clone(),
            name: block.args.first()?.value.as_text()?.to_owned(),
            holds,
            access: text("access"),
            nfs: text("nfs"),
        })
    }

    fn silence(&self, silence: &stackctl_lang::Silence) -> Silence {
        let lines = |span: Span| {
            let end = Span { start: span.end, ..span };
            let first = self.origin(span);
            Lines { last: self.origin(end).line, first: first.line, file: first.file }
        };
        Silence {
            code: self.written(&silence.code.value, silence.code.span),
            block: silence.block.map(lines),
        }
    }
}
