package io.aki.spring.boot.test;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Answers questions about the conversation from the messages of the request.
 */
final class HistoryReplies {

	private static final Pattern NAME_QUESTION = pattern("\\bmy name\\b(?!\\s+is\\s+\\p{L})|\\bwho am i\\b");

	private static final Pattern NAME = pattern(
			"\\b(?:my name is|ich heiße)\\s+(?!not\\b|a\\b|the\\b)(\\p{L}[\\p{L}'’-]*)");

	private static final Pattern ABOUT_QUESTIONS = pattern(
			"\\bwhat (did|have|had) i\\b.*\\b(ask|sa[iy]|t[eo]l|writ|wrote)"
					+ "|\\bmy (first|last|previous|earlier) (question|message|prompt)s?\\b|\\b(summari[sz]e|repeat) (this|our) (conversation|chat)\\b");

	private static final Pattern ABOUT_ANSWERS = pattern(
			"\\bwhat (did|have) you\\b.*\\b(answer|sa[iy]|t[eo]l|writ|wrote)"
					+ "|\\byour (first|last|previous|earlier) (answer|reply|message)\\b");

	private static final Pattern ABOUT_SYSTEM = pattern("\\bsystem (prompt|message)\\b|\\byour instructions\\b");

	private HistoryReplies() {
	}

	/**
	 * Answer a question about the conversation.
	 * @param prompt the prompt
	 * @param history the other messages of the request
	 * @return the answer, {@code null} if the prompt is no such question
	 */
	static @Nullable String reply(String prompt, ChatHistory history) {
		if (NAME_QUESTION.matcher(prompt).find()) {
			return name(history.questions(), prompt);
		}
		if (ABOUT_QUESTIONS.matcher(prompt).find()) {
			return quotes("you sent before this one", history.questions());
		}
		if (ABOUT_ANSWERS.matcher(prompt).find()) {
			return quotes("I sent before", history.answers());
		}
		return ABOUT_SYSTEM.matcher(prompt).find() ? quotes("the system sent", history.system()) : null;
	}

	private static String name(List<String> questions, String prompt) {
		List<String> messages = new ArrayList<>(questions);
		messages.add(prompt);
		for (int i = messages.size() - 1; i >= 0; i--) {
			Matcher name = NAME.matcher(messages.get(i));
			if (name.find()) {
				return "Your name is **" + name.group(1) + "**. You wrote it in message " + (i + 1)
						+ " of this conversation, and this request contains that message.";
			}
		}
		return "I do not know your name: the messages of this request do not contain it. Write \"My name is …\","
				+ " then ask again.";
	}

	private static String quotes(String which, List<String> messages) {
		if (messages.isEmpty()) {
			return "This request contains no message that " + which + ".";
		}
		StringBuilder text = new StringBuilder("This request contains ").append(messages.size())
			.append((messages.size() == 1) ? " message that " : " messages that ")
			.append(which)
			.append(":\n");
		for (int i = 0; i < messages.size(); i++) {
			text.append('\n').append(i + 1).append(". \"").append(ChatReplies.quoted(messages.get(i))).append('"');
		}
		return text.toString();
	}

	private static Pattern pattern(String expression) {
		return Pattern.compile(expression,
				Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS | Pattern.DOTALL);
	}

}
