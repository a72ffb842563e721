package io.aki.sample.chat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import io.aki.client.AkiBinary;
import io.aki.client.AkiEndpointDetails;
import io.aki.client.AkiParameters;
import io.aki.sample.task.EndpointCache;
import io.aki.sample.web.UploadedFile;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ResponseStatusException;

/**
 * The files of questions in the database. A file is uploaded first, and belongs to its
 * user until a question has it. Then it is deleted with the question. The model gets
 * texts as a part of the question, and images as media.
 */
@Component
class Attachments {

	private static final Set<String> IMAGES = Set.of("png", "jpeg", "webp", "gif");

	private static final int NAME_LENGTH_MAX = 200;

	private static final Duration UNUSED_AGE_MAX = Duration.ofDays(1);

	private static final int UNUSED_FILES_MAX = 20;

	private static final DataSize UNUSED_SIZE_MAX = DataSize.ofMegabytes(100);

	private static final Pattern BACKTICKS = Pattern.compile("`+");

	private final JdbcClient jdbc;

	private final EndpointCache endpoints;

	private final DataSize maxSize;

	private final Map<String, Object> locks = new ConcurrentHashMap<>();

	Attachments(JdbcClient jdbc, EndpointCache endpoints,
			@Value("${spring.servlet.multipart.max-file-size}") DataSize maxSize) {
		this.jdbc = jdbc;
		this.endpoints = endpoints;
		this.maxSize = maxSize;
	}

	/**
	 * Store an uploaded file. The content determines whether it is an image or a text.
	 * Files that no question has got within a day are deleted.
	 * @param path the name or the path of the file
	 * @throws ResponseStatusException with the status 429 if the owner would have more
	 * than 20 files, or more than 100 MB, that no question has; with the status 400 if
	 * the file cannot be used
	 */
	Attachment add(String owner, String path, byte[] data) {
		String name = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
			.replaceAll("\\p{Cntrl}", " ")
			.strip();
		if (name.isEmpty() || name.length() > NAME_LENGTH_MAX) {
			throw refused("The name of the file must have 1 to " + NAME_LENGTH_MAX + " characters");
		}
		Attachment added = read(Chats.id(), name, data);
		Instant now = Chats.now();
		this.jdbc.sql("delete from attachment where message_id is null and created_at < ?")
			.param(now.minus(UNUSED_AGE_MAX).atOffset(ZoneOffset.UTC))
			.update();
		// uploads of a user at the same time must not exceed the limits together
		synchronized (this.locks.computeIfAbsent(owner, (key) -> new Object())) {
			checkUnused(owner, added.size());
			insert(owner, added, data, now);
		}
		return added;
	}

	private void checkUnused(String owner, int size) {
		Unused unused = this.jdbc.sql(
				"select count(*) files, coalesce(sum(size), 0) size from attachment where owner = ? and message_id is null")
			.param(owner)
			.query((row, number) -> new Unused(row.getInt("files"), row.getLong("size")))
			.single();
		if (unused.files() >= UNUSED_FILES_MAX) {
			throw tooManyUnused("You have " + unused.files() + " files that no question uses");
		}
		if (unused.size() + size > UNUSED_SIZE_MAX.toBytes()) {
			throw tooManyUnused("The files that no question uses would have more than " + UNUSED_SIZE_MAX.toMegabytes()
					+ " MB together");
		}
	}

	private void insert(String owner, Attachment added, byte[] data, Instant now) {
		this.jdbc.sql("""
				insert into attachment (id, owner, name, format, size, characters, data, created_at)
				values (?, ?, ?, ?, ?, ?, ?, ?)""")
			.params(added.id(), owner, added.name(), added.format(), added.size(), added.characters(), data,
					now.atOffset(ZoneOffset.UTC))
			.update();
	}

	private static Attachment read(String id, String name, byte[] data) {
		String format = UploadedFile.format(data);
		if (IMAGES.contains(format)) {
			return new Attachment(id, name, format, data.length, 0);
		}
		String text = text(data);
		if (text == null || text.isBlank()) {
			throw refused(name + ((text != null) ? " is empty"
					: " is neither a text in UTF-8 nor a PNG, JPEG, WebP or GIF picture"));
		}
		if (text.length() > ChatController.LONGEST_QUESTION) {
			throw tooLong(name, text.length());
		}
		return new Attachment(id, name, Attachment.TEXT, data.length, text.length());
	}

	private static @Nullable String text(byte[] data) {
		try {
			String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data)).toString();
			return (text.indexOf('\0') < 0) ? text : null;
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

	Optional<Attachment> find(String owner, String id) {
		return this.jdbc.sql("select id, name, format, size, characters from attachment where owner = ? and id = ?")
			.params(owner, id)
			.query(Attachments::attachment)
			.optional();
	}

	/**
	 * Return a file with its content.
	 */
	Optional<Content> content(String owner, String id) {
		return this.jdbc
			.sql("select id, name, format, size, characters, data from attachment where owner = ? and id = ?")
			.params(owner, id)
			.query((row, number) -> new Content(attachment(row, number), row.getBytes("data")))
			.optional();
	}

	private byte[] data(Attachment file) {
		return this.jdbc.sql("select data from attachment where id = ?")
			.param(file.id())
			.query(byte[].class)
			.optional()
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.CONFLICT,
					file.name() + " was deleted at the same time. Load the conversation again"));
	}

	/**
	 * Return the files of a conversation.
	 * @return the files of each question that has some, by the id of the question
	 */
	Map<String, List<Attachment>> ofConversation(String id) {
		Map<String, List<Attachment>> attachments = new LinkedHashMap<>();
		this.jdbc.sql("""
				select a.id, a.message_id, a.name, a.format, a.size, a.characters
				from attachment a join message m on m.id = a.message_id
				where m.conversation_id = ? order by a.position""").param(id).query((row) -> {
			attachments.computeIfAbsent(row.getString("message_id"), (message) -> new ArrayList<>())
				.add(attachment(row, 0));
		});
		return attachments;
	}

	/**
	 * Delete a file that no question has.
	 */
	void delete(String owner, String id) {
		this.jdbc.sql("delete from attachment where owner = ? and id = ? and message_id is null")
			.params(owner, id)
			.update();
	}

	/**
	 * Take files from a question that is about to be replaced.
	 */
	void detach(String messageId, List<String> ids) {
		ids.forEach((id) -> this.jdbc
			.sql("update attachment set message_id = null, position = null where message_id = ? and id = ?")
			.params(messageId, id)
			.update());
	}

	/**
	 * Give files to a question that is stored already.
	 * @return the files
	 */
	List<Attachment> attach(String owner, String messageId, List<String> ids) {
		List<Attachment> attached = new ArrayList<>();
		for (String id : ids) {
			int updated = this.jdbc.sql(
					"update attachment set message_id = ?, position = ? where owner = ? and id = ? and message_id is null")
				.params(messageId, attached.size(), owner, id)
				.update();
			if (updated == 0) {
				throw refused("A file is no longer available. Remove it and attach it again");
			}
			find(owner, id).ifPresent(attached::add);
		}
		return attached;
	}

	/**
	 * Check that the last question is neither empty nor too long, and that the endpoint
	 * accepts the images of all questions.
	 */
	void check(String endpoint, List<Message> messages) {
		Message last = messages.get(messages.size() - 1);
		if (last.label().isEmpty()) {
			throw refused("Write a question or attach a file");
		}
		int characters = last.attachments().stream().mapToInt(Attachment::characters).sum() + last.text().length();
		if (characters > ChatController.LONGEST_QUESTION) {
			throw tooLong("The question with its files", characters);
		}
		long size = messages.stream().flatMap((one) -> one.attachments().stream()).mapToLong(Attachment::size).sum();
		if (size > this.maxSize.toBytes()) {
			throw new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE,
					"The files of the conversation have more than " + this.maxSize.toMegabytes()
							+ " MB together. Remove a file or start a new chat");
		}
		if (messages.stream().anyMatch(Message::hasImage)) {
			checkImages(this.endpoints.details(endpoint), endpoint, last);
		}
	}

	/**
	 * If AKI.IO cannot be reached, the task is submitted. AKI.IO will refuse it.
	 */
	private static void checkImages(AkiEndpointDetails details, String endpoint, Message last) {
		if (details.success() && !ChatModels.readsImages(details)) {
			throw refused(((details.title() != null) ? details.title() : endpoint) + " reads no images. "
					+ (last.hasImage() ? "Choose another model or remove the file"
							: "Choose another model or start a new chat: an earlier question has an image"));
		}
	}

	/**
	 * Add a question with its files to the messages for the model.
	 */
	AkiParameters.Chat addTo(AkiParameters.Chat chat, Message question) {
		StringBuilder text = new StringBuilder(question.text());
		List<Object> images = new ArrayList<>();
		question.attachments().forEach((file) -> {
			byte[] data = data(file);
			if (file.isImage()) {
				images.add(new AkiBinary(file.format(), data));
			}
			else {
				text.append(text.isEmpty() ? "" : "\n\n")
					.append(codeBlock(file.name(), new String(data, StandardCharsets.UTF_8)));
			}
		});
		return chat.user(text.toString(), images.toArray());
	}

	private static String codeBlock(String name, String text) {
		int longest = BACKTICKS.matcher(text).results().mapToInt((run) -> run.end() - run.start()).max().orElse(0);
		String fence = "`".repeat(Math.max(3, longest + 1));
		return name + ":\n" + fence + "\n" + text + (text.endsWith("\n") ? "" : "\n") + fence;
	}

	private static Attachment attachment(ResultSet row, int number) throws SQLException {
		return new Attachment(row.getString("id"), row.getString("name"), row.getString("format"), row.getInt("size"),
				row.getInt("characters"));
	}

	private static ResponseStatusException tooLong(String what, int characters) {
		return refused(what + " has " + characters + " characters; at most " + ChatController.LONGEST_QUESTION
				+ " are allowed");
	}

	private static ResponseStatusException tooManyUnused(String what) {
		return new ResponseStatusException(HttpStatus.TOO_MANY_REQUESTS,
				what + ". Send or remove them; otherwise they are deleted after a day");
	}

	private static ResponseStatusException refused(String message) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, message);
	}

	/**
	 * A file with its content.
	 */
	record Content(Attachment file, byte[] data) {

	}

	private record Unused(int files, long size) {

	}

}
