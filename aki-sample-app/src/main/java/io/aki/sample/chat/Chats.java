package io.aki.sample.chat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.aki.client.AkiParameters;
import io.aki.client.AkiResult;
import io.aki.sample.task.TaskErrors;
import io.aki.sample.task.TaskMetadata;
import io.aki.spring.boot.tasks.AkiTask;
import io.aki.spring.boot.tasks.AkiTaskEvent;
import io.aki.spring.boot.tasks.AkiTaskRequest;
import io.aki.spring.boot.tasks.AkiTaskState;
import io.aki.spring.boot.tasks.AkiTasks;
import org.jspecify.annotations.Nullable;

import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.scheduling.annotation.Async;
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

	private final Attachments attachments;

	private final AkiTasks tasks;

	Chats(ConversationStore store, Attachments attachments, AkiTasks tasks) {
		this.store = store;
		this.attachments = attachments;
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
	 * Start a conversation with its first question, which gives it its title.
	 */
	@Transactional
	public Conversation start(String owner, Conversation settings, Question question) {
		Optional<String> repeated = repeated(owner, question.requestId());
		if (repeated.isPresent()) {
			return find(owner, repeated.get());
		}
		this.store.insert(owner, settings);
		Message asked = ask(owner, settings, question);
		this.store.rename(owner, settings.id(), title(asked.label()));
		return find(owner, settings.id());
	}

	/**
	 * Ask the next question.
	 */
	@Transactional
	public Conversation ask(String owner, String id, Question question) {
		if (!isRepeated(owner, id, question.requestId())) {
			ask(owner, idle(owner, id), question);
		}
		return find(owner, id);
	}

	/**
	 * Return the position of the question that has this request id, or of the last
	 * question.
	 */
	int position(String owner, Conversation conversation, @Nullable String requestId) {
		return Optional.ofNullable(requestId)
			.flatMap((request) -> this.store.positionOf(owner, request))
			.orElse(conversation.messages().size() - 2);
	}

	/**
	 * Replace a question and all messages after it.
	 */
	@Transactional
	public Conversation edit(String owner, String id, String questionId, Question question) {
		if (!isRepeated(owner, id, question.requestId())) {
			Conversation conversation = idle(owner, id);
			Message replaced = message(conversation, questionId, Message.USER);
			this.attachments.detach(replaced.id(), question.attachments());
			ask(owner, truncate(owner, conversation, replaced), question);
		}
		return find(owner, id);
	}

	/**
	 * Replace an answer and all messages after it by another answer to the same question.
	 */
	@Transactional
	public Conversation regenerate(String owner, String id, String answerId) {
		Conversation conversation = idle(owner, id);
		answer(owner, truncate(owner, conversation, message(conversation, answerId, Message.ASSISTANT)));
		return find(owner, id);
	}

	Conversation rename(String owner, String id, String title) {
		this.store.rename(owner, id, title);
		return find(owner, id);
	}

	/**
	 * Change how the next questions are answered.
	 */
	Conversation change(String owner, String id, Settings settings) {
		this.store.change(owner, id, settings);
		return find(owner, id);
	}

	void cancel(String owner, Message answer) {
		if (answer.taskId() != null) {
			this.tasks.forOwner(owner).cancel(answer.taskId());
		}
	}

	/**
	 * Delete a conversation. An answer that is being written is canceled; its task
	 * remains until it has ended and its retention is over.
	 */
	@Transactional
	public void delete(String owner, String id) {
		Conversation conversation = this.store.find(owner, id)
			.orElseThrow(() -> notFound("There is no such conversation"));
		deleteTasks(owner, conversation.messages());
		this.store.delete(owner, id);
	}

	private void deleteTasks(String owner, List<Message> messages) {
		AkiTasks tasks = this.tasks.forOwner(owner);
		messages.stream().map(Message::taskId).filter((task) -> task != null).forEach((task) -> {
			tasks.cancel(task);
			tasks.delete(task);
		});
	}

	/**
	 * Copy the text of an answer into its conversation when its task has ended. If this
	 * instance is killed before that, the text is copied when the conversation is read.
	 * It runs in a thread of its own, because the thread that publishes the event still
	 * has its connection to the database.
	 */
	@Async
	@EventListener(condition = "#event.task.state.final")
	public void taskEnded(AkiTaskEvent event) {
		AkiTask task = event.task();
		String owner = task.owner();
		if (owner != null && TaskMetadata.isChat(task)) {
			this.store.findByTask(task.id()).ifPresent((answer) -> end(owner, answer, task, "", null));
		}
	}

	/**
	 * Store the end of an answer.
	 * @param text the text so far, for an answer without a result
	 */
	Message end(String owner, Message answer, @Nullable AkiTask task, String text, @Nullable String thinking) {
		if (answer.isFinal()) {
			return answer;
		}
		Message ended = ended(owner, answer, task, text, thinking);
		return this.store.end(ended) ? ended : this.store.findMessage(answer.id()).orElse(ended);
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

	private Optional<String> repeated(String owner, @Nullable String requestId) {
		return (requestId != null) ? this.store.findByRequest(owner, requestId) : Optional.empty();
	}

	private boolean isRepeated(String owner, String id, @Nullable String requestId) {
		Optional<String> repeated = repeated(owner, requestId);
		if (repeated.isPresent() && !repeated.get().equals(id)) {
			throw new ResponseStatusException(HttpStatus.CONFLICT, "This request id was used for another conversation");
		}
		return repeated.isPresent();
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

	private Conversation truncate(String owner, Conversation conversation, Message first) {
		deleteTasks(owner, conversation.messages().subList(first.position(), conversation.messages().size()));
		this.store.deleteFrom(conversation.id(), first.position());
		return conversation.withMessages(conversation.messages().subList(0, first.position()));
	}

	private Message ask(String owner, Conversation conversation, Question question) {
		List<Message> messages = new ArrayList<>(conversation.messages());
		Message asked = Message.question(id(), messages.size(), question.text(), now());
		this.store.insert(owner, conversation.id(), asked, question.requestId());
		asked = asked.with(this.attachments.attach(owner, asked.id(), question.attachments()));
		messages.add(asked);
		answer(owner, conversation.withMessages(messages));
		return asked;
	}

	/**
	 * Submit the task that answers the last question.
	 */
	// tag::answer[]
	private void answer(String owner, Conversation conversation) {
		List<Message> messages = conversation.messages();
		String question = messages.get(messages.size() - 1).label();
		String taskId = this.tasks.forOwner(owner)
			.submit(AkiTaskRequest.of(conversation.endpoint(), parameters(conversation))
				.metadata(TaskMetadata.ofChat(conversation.id(), question)));
		this.store.insert(owner, conversation.id(), Message.answer(id(), messages.size(), taskId, now()), null);
	}
	// end::answer[]

	private AkiParameters.Chat parameters(Conversation conversation) {
		AkiParameters.Chat chat = AkiParameters.chat();
		if (conversation.system() != null) {
			chat = chat.system(conversation.system());
		}
		List<Message> messages = forModel(conversation.messages());
		this.attachments.check(conversation.endpoint(), messages);
		for (Message message : messages) {
			chat = message.isQuestion() ? this.attachments.addTo(chat, message) : chat.assistant(message.text());
		}
		if (conversation.temperature() != null) {
			chat = chat.temperature(conversation.temperature());
		}
		if (conversation.maxTokens() != null) {
			chat = chat.maxGenTokens(conversation.maxTokens());
		}
		return chat;
	}

	/**
	 * Return the messages for the model. Questions without an answer are left out, except
	 * for the last one.
	 */
	private static List<Message> forModel(List<Message> messages) {
		List<Message> all = new ArrayList<>();
		for (int i = 0; i + 1 < messages.size(); i += 2) {
			if (!messages.get(i + 1).text().isEmpty()) {
				all.addAll(messages.subList(i, i + 2));
			}
		}
		all.add(messages.get(messages.size() - 1));
		return all;
	}

	private static String title(String question) {
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
