//! A database in this process. It speaks PostgreSQL's protocol, admits a few connections and knows one question.

use std::fmt::Debug;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use futures::{Sink, stream};
use pgwire::api::auth::{
    DefaultServerParameterProvider, StartupHandler, finish_authentication,
    save_startup_parameters_to_metadata,
};
use pgwire::api::portal::{Format, Portal};
use pgwire::api::query::{ExtendedQueryHandler, SimpleQueryHandler};
use pgwire::api::results::{DataRowEncoder, FieldFormat, FieldInfo, QueryResponse, Response};
use pgwire::api::stmt::QueryParser;
use pgwire::api::store::PortalStore;
use pgwire::api::{ClientInfo, ClientPortalStore, PgWireServerHandlers, Type};
use pgwire::error::{ErrorInfo, PgWireError, PgWireResult};
use pgwire::messages::{PgWireBackendMessage, PgWireFrontendMessage};
use pgwire::tokio::process_socket;

use crate::listening::Listening;
use crate::observer::{Connection, Observer};
use crate::question::{QUESTION, allows};

/// A database that admits at most `limit` connections, and refuses the next one with PostgreSQL's error 53300.
///
/// It answers [`QUESTION`] with one parameter, in the extended protocol, and nothing else. It asks for no password.
#[derive(Debug)]
pub(crate) struct Embedded(Listening);

impl Embedded {
    pub(crate) async fn start(limit: usize, observer: Observer) -> io::Result<Embedded> {
        let serve = move |socket| {
            let session = Arc::new(Session {
                observer: observer.clone(),
                limit,
                connection: Mutex::default(),
            });
            process_socket(socket, None, Handlers(session))
        };
        Listening::start(serve).await.map(Embedded)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.0.address()
    }

    /// Closes all connections and refuses new ones.
    pub(crate) async fn go_away(&mut self) {
        self.0.stop().await;
    }
}

/// One client's session. It ends with the task that serves its socket.
struct Session {
    observer: Observer,
    limit: usize,
    /// The connection, from the time that it is admitted.
    connection: Mutex<Option<Connection>>,
}

struct Handlers(Arc<Session>);

impl PgWireServerHandlers for Handlers {
    fn startup_handler(&self) -> Arc<impl StartupHandler> {
        Arc::clone(&self.0)
    }

    fn simple_query_handler(&self) -> Arc<impl SimpleQueryHandler> {
        Arc::clone(&self.0)
    }

    fn extended_query_handler(&self) -> Arc<impl ExtendedQueryHandler> {
        Arc::clone(&self.0)
    }
}

fn error(severity: &str, code: &str, message: &str) -> PgWireError {
    let [severity, code, message] = [severity, code, message].map(str::to_owned);
    PgWireError::UserError(Box::new(ErrorInfo::new(severity, code, message)))
}

#[async_trait]
impl StartupHandler for Session {
    async fn on_startup<C>(
        &self,
        client: &mut C,
        message: PgWireFrontendMessage,
    ) -> PgWireResult<()>
    where
        C: ClientInfo + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let PgWireFrontendMessage::Startup(startup) = message else {
            return Err(error("FATAL", "08P01", "expected a startup message"));
        };
        // ANCHOR: refuse
        let Some(connection) = self.observer.connect(self.limit) else {
            let message = format!("all {} connections are in use", self.limit);
            return Err(error("FATAL", "53300", &message));
        };
        *self.connection.lock().unwrap() = Some(connection);
        // ANCHOR_END: refuse
        save_startup_parameters_to_metadata(client, &startup);
        finish_authentication(client, &DefaultServerParameterProvider::default()).await
    }
}

#[async_trait]
impl SimpleQueryHandler for Session {
    async fn do_query<C>(&self, _client: &mut C, _query: &str) -> PgWireResult<Vec<Response>>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let message = "the embedded database answers prepared statements only";
        Err(error("ERROR", "0A000", message))
    }
}

#[async_trait]
impl ExtendedQueryHandler for Session {
    type Statement = ();
    type QueryParser = Parser;

    fn query_parser(&self) -> Arc<Parser> {
        Arc::new(Parser)
    }

    async fn do_query<C>(
        &self,
        _client: &mut C,
        portal: &Portal<()>,
        _max_rows: usize,
    ) -> PgWireResult<Response>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = ()>,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let query = self.observer.query();
        let permission: Option<String> = portal.parameter(0, &Type::TEXT)?;
        query.due().await;
        query.answered();

        let columns = Arc::new(vec![column(portal.result_column_format.format_for(0))]);
        let mut row = DataRowEncoder::new(Arc::clone(&columns));
        row.encode_field(&permission.as_deref().map(allows))?;
        let rows = stream::iter([Ok(row.take_row())]);
        Ok(Response::Query(QueryResponse::new(columns, rows)))
    }
}

fn column(format: FieldFormat) -> FieldInfo {
    FieldInfo::new("allowed".to_owned(), None, None, Type::BOOL, format)
}

/// Accepts the one question.
struct Parser;

#[async_trait]
impl QueryParser for Parser {
    type Statement = ();

    async fn parse_sql<C>(
        &self,
        _client: &C,
        sql: &str,
        _types: &[Option<Type>],
    ) -> PgWireResult<Option<()>>
    where
        C: ClientInfo + Unpin + Send + Sync,
    {
        if sql == QUESTION {
            Ok(Some(()))
        } else {
            let message = format!("the embedded database knows one question: {QUESTION}");
            Err(error("ERROR", "0A000", &message))
        }
    }

    fn get_parameter_types(&self, _question: &()) -> PgWireResult<Vec<Type>> {
        Ok(vec![Type::TEXT])
    }

    fn get_result_schema(
        &self,
        _question: &(),
        format: Option<&Format>,
    ) -> PgWireResult<Vec<FieldInfo>> {
        let format = format.map_or(FieldFormat::Text, |format| format.format_for(0));
        Ok(vec![column(format)])
    }
}
