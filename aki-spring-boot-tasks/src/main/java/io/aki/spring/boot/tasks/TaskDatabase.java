package io.aki.spring.boot.tasks;

import java.util.Objects;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The database of the tasks. In a statement, <code>{}</code> stands for the prefix of the
 * tables.
 */
final class TaskDatabase {

	private static final int BACKGROUND_TIMEOUT_SECONDS = 30;

	private static final int IDLE_TIMEOUT_MILLIS = 15_000;

	private final DataSource dataSource;

	private final TaskDialect dialect;

	private final String prefix;

	private final NamedParameterJdbcTemplate template;

	private final JdbcClient jdbc;

	private final TransactionTemplate transactions;

	private final TransactionTemplate newTransactions;

	private final TransactionTemplate background;

	private final TaskCounters counters;

	TaskDatabase(DataSource dataSource, PlatformTransactionManager transactionManager, String prefix,
			TaskCounters counters) {
		this.dataSource = dataSource;
		this.dialect = TaskDialect.of(dataSource);
		this.prefix = prefix;
		this.template = new NamedParameterJdbcTemplate(dataSource);
		this.jdbc = JdbcClient.create(this.template);
		this.transactions = new TransactionTemplate(transactionManager);
		this.newTransactions = new TransactionTemplate(transactionManager);
		this.newTransactions.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.background = new TransactionTemplate(transactionManager);
		this.background.setTimeout(BACKGROUND_TIMEOUT_SECONDS);
		this.counters = counters;
	}

	DataSource dataSource() {
		return this.dataSource;
	}

	TaskDialect dialect() {
		return this.dialect;
	}

	JdbcClient jdbc() {
		return this.jdbc;
	}

	String name(String table) {
		return this.prefix + table;
	}

	JdbcClient.StatementSpec sql(String sql) {
		return this.jdbc.sql(sql.replace("{}", this.prefix));
	}

	/**
	 * Execute a statement that writes, in the current transaction or in a new one: a pool
	 * may give out connections without auto-commit.
	 */
	int update(JdbcClient.StatementSpec statement) {
		int rows = joinOrExecute(statement::update);
		this.counters.written(Math.max(1, rows));
		return rows;
	}

	int[] batch(String sql, SqlParameterSource[] parameters) {
		this.counters.written(parameters.length);
		return joinOrExecute(() -> this.template.batchUpdate(sql.replace("{}", this.prefix), parameters));
	}

	/**
	 * A failure of the work does not mark the current transaction as one to roll back.
	 */
	private <T> T joinOrExecute(Supplier<T> work) {
		return TransactionSynchronizationManager.isActualTransactionActive() ? work.get() : inTransaction(work);
	}

	/**
	 * Execute work in the transaction of the caller, or in a new one.
	 */
	<T> T inTransaction(Supplier<T> work) {
		return Objects.requireNonNull(current().execute((status) -> work.get()));
	}

	/**
	 * Execute work in a transaction that does not wait forever for the locks of others,
	 * and does not hold its own forever if this instance is stopped or cut off.
	 */
	<T> T inBackground(Supplier<T> work) {
		return Objects.requireNonNull(this.background.execute((status) -> {
			if (this.dialect == TaskDialect.POSTGRESQL) {
				this.jdbc.sql("select set_config('idle_in_transaction_session_timeout', :millis, true)")
					.param("millis", String.valueOf(IDLE_TIMEOUT_MILLIS))
					.query(String.class)
					.single();
			}
			return work.get();
		}));
	}

	/**
	 * During {@code afterCommit} the old transaction is still bound to the thread. Work
	 * in it would not be committed.
	 */
	private TransactionTemplate current() {
		boolean committed = TransactionSynchronizationManager.isSynchronizationActive()
				&& TransactionSynchronizationManager.getSynchronizations()
					.stream()
					.anyMatch((synchronization) -> synchronization instanceof Commit commit && commit.isDone());
		return committed ? this.newTransactions : this.transactions;
	}

	/**
	 * A synchronization that knows whether its transaction was committed.
	 */
	interface Commit extends TransactionSynchronization {

		/**
		 * Return whether the transaction was committed.
		 */
		boolean isDone();

	}

}
