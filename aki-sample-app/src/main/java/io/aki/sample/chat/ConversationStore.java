package io.aki.sample.chat;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import io.aki.spring.boot.tasks.AkiTaskState;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The conversations and their messages in the database. A conversation of another owner
 * does not exist.
 */
@Repository
class ConversationStore {

	private static final int LISTED = 200;

	private final JdbcClient jdbc;

	private final Attachments attachments;

	ConversationStore(JdbcClient jdbc, Attachments attachments) {
		this.jdbc = jdbc;
		this.attachments = attachments;
	}

	/**
	 * Return the conversations of an owner, newest first, without their messages.
	 * @param query a part of the title or of a message; empty for all conversations
	 */
	List<Conversation> list(String owner, String query) {
		return this.jdbc
			.sql("""
					select * from conversation c where owner = :owner and (:query = '' or lower(title) like :pattern escape '!'
						or exists (select 1 from message m where m.conversation_id = c.id
							and lower(m.text) like :pattern escape '!'))
					order by updated_at desc limit :limit""")
			.param("owner", owner)
			.param("query", query)
			.param("pattern", "%" + query.toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0") + "%")
			.param("limit", LISTED)
			.query(ConversationStore::conversation)
			.list();
	}

	/**
	 * Return a conversation with its messages.
	 */
	Optional<Conversation> find(String owner, String id) {
		return this.jdbc.sql("select * from conversation where owner = ? and id = ?")
			.params(owner, id)
			.query(ConversationStore::conversation)
			.optional()
			.map((conversation) -> conversation.withMessages(messages(id)));
	}

	private List<Message> messages(String conversationId) {
		Map<String, List<Attachment>> attachments = this.attachments.ofConversation(conversationId);
		return this.jdbc.sql("select * from message where conversation_id = ? order by position")
			.param(conversationId)
			.query(ConversationStore::message)
			.list()
			.stream()
			.map((message) -> message.with(attachments.getOrDefault(message.id(), List.of())))
			.toList();
	}

	/**
	 * Return the id of the conversation that has a question with this request id.
	 */
	Optional<String> findByRequest(String owner, String requestId) {
		return this.jdbc.sql("select conversation_id from message where request_id = ?")
			.param(key(owner, requestId))
			.query(String.class)
			.optional();
	}

	Optional<Integer> positionOf(String owner, String requestId) {
		return this.jdbc.sql("select position from message where request_id = ?")
			.param(key(owner, requestId))
			.query(Integer.class)
			.optional();
	}

	Optional<Message> findMessage(String id) {
		return this.jdbc.sql("select * from message where id = ?")
			.param(id)
			.query(ConversationStore::message)
			.optional();
	}

	Optional<Message> findByTask(String taskId) {
		return this.jdbc.sql("select * from message where task_id = ?")
			.param(taskId)
			.query(ConversationStore::message)
			.optional();
	}

	/**
	 * Return a request id that other owners cannot use. The name of an owner may contain
	 * a slash, the request id does not.
	 */
	private static String key(String owner, String requestId) {
		return owner + "/" + requestId;
	}

	void insert(String owner, Conversation conversation) {
		this.jdbc
			.sql("""
					insert into conversation (id, owner, title, endpoint, system_prompt, temperature, max_tokens, updated_at)
					values (:id, :owner, :title, :endpoint, :system, :temperature, :maxTokens, :updatedAt)""")
			.param("id", conversation.id())
			.param("owner", owner)
			.param("title", conversation.title())
			.param("endpoint", conversation.endpoint())
			.param("system", conversation.system())
			.param("temperature", conversation.temperature())
			.param("maxTokens", conversation.maxTokens())
			.param("updatedAt", timestamp(conversation.updatedAt()))
			.update();
	}

	void rename(String owner, String id, String title) {
		this.jdbc.sql("update conversation set title = ? where owner = ? and id = ?").params(title, owner, id).update();
	}

	void change(String owner, String id, Settings settings) {
		this.jdbc.sql("""
				update conversation set endpoint = :endpoint, system_prompt = :system, temperature = :temperature,
					max_tokens = :maxTokens where owner = :owner and id = :id""")
			.param("id", id)
			.param("owner", owner)
			.param("endpoint", settings.endpoint())
			.param("system", settings.system())
			.param("temperature", settings.temperature())
			.param("maxTokens", settings.maxTokens())
			.update();
	}

	boolean delete(String owner, String id) {
		return this.jdbc.sql("delete from conversation where owner = ? and id = ?").params(owner, id).update() > 0;
	}

	void insert(String owner, String conversationId, Message message, @Nullable String requestId) {
		this.jdbc.sql("""
				insert into message (id, conversation_id, position, role, state, text, task_id, request_id, created_at)
				values (:id, :conversation, :position, :role, :state, :text, :task, :request, :createdAt)""")
			.param("id", message.id())
			.param("conversation", conversationId)
			.param("position", message.position())
			.param("role", message.role())
			.param("state", message.state().value())
			.param("text", message.text())
			.param("task", message.taskId())
			.param("request", (requestId != null) ? key(owner, requestId) : null)
			.param("createdAt", timestamp(message.createdAt()))
			.update();
		this.jdbc.sql("update conversation set updated_at = ? where id = ?")
			.params(timestamp(message.createdAt()), conversationId)
			.update();
	}

	/**
	 * Store the end of an answer, unless it is stored already. The text of an answer that
	 * was stopped may be stored later.
	 * @return whether it was stored
	 */
	boolean end(Message answer) {
		return this.jdbc.sql("""
				update message set state = :state, text = :text, thinking = :thinking, error = :error, tokens = :tokens,
					seconds = :seconds where id = :id and (state not in ('completed', 'failed', 'canceled')
						or (state = :state and text = '' and :text <> ''))""")
			.param("id", answer.id())
			.param("state", answer.state().value())
			.param("text", answer.text())
			.param("thinking", answer.thinking())
			.param("error", answer.error())
			.param("tokens", answer.tokens())
			.param("seconds", answer.seconds())
			.update() > 0;
	}

	/**
	 * Delete the messages from a position on.
	 */
	void deleteFrom(String conversationId, int position) {
		this.jdbc.sql("delete from message where conversation_id = ? and position >= ?")
			.params(conversationId, position)
			.update();
	}

	private static OffsetDateTime timestamp(Instant instant) {
		return instant.atOffset(ZoneOffset.UTC);
	}

	private static Conversation conversation(ResultSet row, int number) throws SQLException {
		return new Conversation(row.getString("id"), row.getString("title"), row.getString("endpoint"),
				row.getString("system_prompt"), (Double) row.getObject("temperature"),
				(Integer) row.getObject("max_tokens"), instant(row, "updated_at"), List.of());
	}

	private static Message message(ResultSet row, int number) throws SQLException {
		return new Message(row.getString("id"), row.getInt("position"), row.getString("role"),
				AkiTaskState.of(row.getString("state")), row.getString("text"), row.getString("thinking"),
				row.getString("error"), (Integer) row.getObject("tokens"), (Double) row.getObject("seconds"),
				row.getString("task_id"), instant(row, "created_at"), List.of());
	}

	private static Instant instant(ResultSet row, String column) throws SQLException {
		return row.getObject(column, OffsetDateTime.class).toInstant();
	}

}
