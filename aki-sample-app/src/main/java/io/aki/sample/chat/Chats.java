package io.aki.sample.chat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import io.aki.client.AkiParameters;
import io.aki.client.AkiResult;
import io.aki.sample.task.TaskErrors;
import io.aki.spring.boot.tasks.AkiTask;
import io.aki.spring.boot.tasks.AkiTaskRequest;
import io.aki.spring.boot.tasks.AkiTaskState;
import io.aki.spring.boot.tasks.AkiTasks;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.server.ResponseStatusException;

/**
 * The conversations of all users. Each answer is a durable task: it is written even if
 * the browser leaves or the instance stops. When the task has ended, its text is copied
 * into the conversation.
 */
@Service
class Chats {

	private static final int TITLE_LENGTH = 60;

	private final ConversationStore store;

	private final AkiTasks tasks;

	Chats(ConversationStore store, AkiTasks tasks) {
		this.store = store;
		this.tasks = tasks;
	}

	List<Conversation> list(String owner, String query) {
		return this.store.list(owner, query.strip());
	}

	/**
	 * Return a conversation. Answers whose task has ended meanwhile have their text.
	 */
	Conversation find(String owner, String id) {
		Conversation conversation = this.store.find(owner, id)
			.orElseThrow(() -> notFound("There is no such conversation"));
		return conversation
			.withMessages(conversation.messages().stream().map((message) -> current(owner, message)).toList());
	}

	Message answer(String owner, String conversationId, String id) {
		return find(owner, conversationId).messages()
			.stream()
			.filter((message) -> message.id().equals(id) && !message.isQuestion())
			.findFirst()
			.orElseThrow(() -> notFound("There is no such answer"));
	}

	/**
	 * Start a conversation with its first question.
	 * @param requestId identifies the request, so that it asks once if it is repeated
	 */
	@Transactional
	public Conversation start(String owner, Conversation settings, String question, @Nullable String requestId) {
		Optional<Conversation> repeated = repeated(owner, requestId);
		if (repeated.isPresent()) {
			return find(owner, repeated.get().id());
		}
		this.store.insert(owner, settings);
		ask(owner, settings, question, requestId);
		return find(owner, settings.id());
	}

	/**
	 * Ask the next question.
	 */
	@Transactional
	public Conversation ask(String owner, String id, String question, @Nullable String requestId) {
		if (repeated(owner, requestId).isEmpty()) {
			ask(owner, idle(owner, id), question, requestId);
		}
		return find(owner, id);
	}

	/**
	 * Replace a question and all messages after it.
	 */
	@Transactional
	public Conversation edit(String owner, String id, String questionId, String question, @Nullable String requestId) {
		if (repeated(owner, requestId).isEmpty()) {
			Conversation conversation = idle(owner, id);
			ask(owner, truncate(conversation, message(conversation, questionId, Message.USER)), question, requestId);
		}
		return find(owner, id);
	}

	/**
	 * Replace an answer and all messages after it by another answer to the same question.
	 */
	@Transactional
	public Conversation regenerate(String owner, String id, String answerId) {
		Conversation conversation = idle(owner, id);
		answer(owner, truncate(conversation, message(conversation, answerId, Message.ASSISTANT)));
		return find(owner, id);
	}

	/**
	 * Change the title or the settings.
	 */
	@Transactional
	public Conversation update(String owner, Conversation changed) {
		this.store.update(changed);
		return find(owner, changed.id());
	}

	void cancel(String owner, Message answer) {
		if (answer.taskId() != null) {
			this.tasks.forOwner(owner).cancel(answer.taskId());
		}
	}

	/**
	 * Delete a conversation with its tasks. An answer that is being written is canceled.
	 */
	@Transactional
	public void delete(String owner, String id) {
		AkiTasks tasks = this.tasks.forOwner(owner);
		find(owner, id).messages().stream().map(Message::taskId).filter((task) -> task != null).forEach((task) -> {
			tasks.cancel(task);
			tasks.delete(task);
		});
		this.store.delete(owner, id);
	}

	/**
	 * Store the end of an answer.
	 * @param text the text so far, for an answer without a result
	 */
	Message end(String owner, Message answer, @Nullable AkiTask task, String text, @Nullable String thinking) {
		Message ended = ended(owner, answer, task, text, thinking);
		this.store.end(ended);
		return ended;
	}

	private Message ended(String owner, Message answer, @Nullable AkiTask task, String text,
			@Nullable String thinking) {
		if (task == null) {
			return answer.ended(AkiTaskState.FAILED, text, thinking, "The answer is no longer available");
		}
		Optional<AkiResult> result = this.tasks.forOwner(owner).result(task.id());
		return result.map(answer::completed)
			.orElseGet(() -> answer.ended(task.state(), text, thinking, TaskErrors.describe(task)));
	}

	private Message current(String owner, Message message) {
		if (message.isFinal() || message.taskId() == null) {
			return message;
		}
		AkiTask task = this.tasks.forOwner(owner).find(message.taskId()).orElse(null);
		return (task == null || task.state().isFinal()) ? end(owner, message, task, "", null) : message.running(task);
	}

	private Optional<Conversation> repeated(String owner, @Nullable String requestId) {
		return (requestId != null) ? this.store.findByRequest(owner, requestId) : Optional.empty();
	}

	private Conversation idle(String owner, String id) {
		Conversation conversation = find(owner, id);
		if (conversation.isAnswering()) {
			throw new ResponseStatusException(HttpStatus.CONFLICT, "The last answer is still being written");
		}
		return conversation;
	}

	private static Message message(Conversation conversation, String id, String role) {
		return conversation.messages()
			.stream()
			.filter((message) -> message.id().equals(id) && message.role().equals(role))
			.findFirst()
			.orElseThrow(() -> notFound("There is no such message"));
	}

	private Conversation truncate(Conversation conversation, Message first) {
		this.store.deleteFrom(conversation.id(), first.position());
		return conversation.withMessages(conversation.messages().subList(0, first.position()));
	}

	private void ask(String owner, Conversation conversation, String text, @Nullable String requestId) {
		List<Message> messages = new ArrayList<>(conversation.messages());
		Message question = Message.question(id(), messages.size(), text, now());
		this.store.insert(conversation.id(), question, requestId);
		messages.add(question);
		answer(owner, conversation.withMessages(messages));
	}

	/**
	 * Submit the task that answers the last question.
	 */
	private void answer(String owner, Conversation conversation) {
		List<Message> messages = conversation.messages();
		String question = messages.get(messages.size() - 1).text();
		String taskId = this.tasks.forOwner(owner)
			.submit(AkiTaskRequest.of(conversation.endpoint(), parameters(conversation))
				.metadata(Map.of("conversation", conversation.id(), "title", title(question))));
		this.store.insert(conversation.id(), Message.answer(id(), messages.size(), taskId, now()), null);
	}

	/**
	 * Return the messages for the model. Questions without an answer are left out, except
	 * for the last one.
	 */
	private static AkiParameters.Chat parameters(Conversation conversation) {
		AkiParameters.Chat chat = AkiParameters.chat();
		if (conversation.system() != null) {
			chat = chat.system(conversation.system());
		}
		List<Message> messages = conversation.messages();
		for (int i = 0; i + 1 < messages.size(); i += 2) {
			String answer = messages.get(i + 1).text();
			if (!answer.isEmpty()) {
				chat = chat.user(messages.get(i).text()).assistant(answer);
			}
		}
		chat = chat.user(messages.get(messages.size() - 1).text());
		if (conversation.temperature() != null) {
			chat = chat.temperature(conversation.temperature());
		}
		if (conversation.maxTokens() != null) {
			chat = chat.maxGenTokens(conversation.maxTokens());
		}
		return chat;
	}

	static String title(String question) {
		String line = question.strip().replaceAll("\\s+", " ");
		int end = line.offsetByCodePoints(0, Math.min(TITLE_LENGTH, line.codePointCount(0, line.length())));
		return (end < line.length()) ? line.substring(0, end) + "…" : line;
	}

	static String id() {
		return UUID.randomUUID().toString();
	}

	/**
	 * Return the time with the precision of the database.
	 */
	static Instant now() {
		return Instant.now().truncatedTo(ChronoUnit.MICROS);
	}

	private static ResponseStatusException notFound(String reason) {
		return new ResponseStatusException(HttpStatus.NOT_FOUND, reason);
	}

}
