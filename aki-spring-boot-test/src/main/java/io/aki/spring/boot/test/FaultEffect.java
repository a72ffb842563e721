package io.aki.spring.boot.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.aki.spring.boot.test.AkiEmulatorFault.Phase;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * The effect of a fault on an exchange.
 *
 * @param name the name
 * @param phases the phases that the fault supports
 * @param timing when the fault is applied
 * @param timings the timings that the fault supports
 * @param jobFault the fault of the job
 * @param headers additional headers of the response
 * @param delivery how the response is sent
 */
record FaultEffect(String name, Set<Phase> phases, FaultTiming timing, Set<FaultTiming> timings, JobFault jobFault,
		Map<HttpHeader, String> headers, Delivery delivery) {

	/**
	 * The effect of an exchange without a fault.
	 */
	static final FaultEffect NONE = ofJobFault("none", JobFault.NONE, Phase.values());

	static FaultEffect reset() {
		return choosing("reset", FaultTiming.ACTED, FaultTiming.UNREAD, (writer, answer, proceed) -> writer.reset());
	}

	static FaultEffect stalled() {
		return choosing("stalled", FaultTiming.ACTED, FaultTiming.UNREAD,
				(writer, answer, proceed) -> writer.hold(proceed));
	}

	static FaultEffect status(int status) {
		String reason = HttpStatus.getMessage(status);
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("success", status < 400);
		body.put("error", reason + " (a fault of the emulator)");
		return answering("status " + status, (writer) -> writer.write(EmulatedResponse.json(status, body)));
	}

	static FaultEffect html(int status) {
		String title = status + " " + HttpStatus.getMessage(status);
		String page = "<!DOCTYPE html>\n<html><head><title>" + title + "</title></head>\n<body><center><h1>" + title
				+ "</h1></center><hr></body></html>\n";
		EmulatedResponse answer = new EmulatedResponse(status, "text/html", page.getBytes(StandardCharsets.UTF_8));
		return answering("html " + status, (writer) -> writer.write(answer));
	}

	static FaultEffect empty(int status) {
		return answering("empty " + status, (writer) -> writer.writeEmpty(status));
	}

	static FaultEffect redirect(String location) {
		return answering("redirect", (writer) -> {
			writer.header(HttpHeader.LOCATION, location);
			writer.writeEmpty(HttpStatus.FOUND_302);
		});
	}

	static FaultEffect truncated() {
		return spoiling("truncated body", ResponseWriter::truncate);
	}

	static FaultEffect invalidJson() {
		return spoiling("invalid JSON", (writer, answer) -> writer.write(new EmulatedResponse(HttpStatus.OK_200,
				answer.contentType(), Arrays.copyOf(answer.body(), answer.body().length / 2))));
	}

	static FaultEffect trickling(Duration perByte) {
		return spoiling("body trickling by " + perByte, (writer, answer) -> writer.trickle(answer, perByte));
	}

	static FaultEffect wrongContentType() {
		return spoiling("wrong content type", (writer, answer) -> writer
			.write(new EmulatedResponse(answer.status(), "text/plain; charset=utf-8", answer.body())));
	}

	static FaultEffect oversized(long bytes, boolean inChunks) {
		return spoiling("body of " + bytes + " bytes" + (inChunks ? " in chunks" : ""),
				(writer, answer) -> writer.pad(answer, bytes, inChunks));
	}

	/**
	 * Return an effect that changes only the job. The response then shows the state of
	 * the changed job.
	 */
	static FaultEffect ofJobFault(String name, JobFault jobFault, Phase... phases) {
		return new FaultEffect(name, phases(phases), FaultTiming.ACTED, EnumSet.of(FaultTiming.ACTED), jobFault,
				Map.of(), (writer, answer, proceed) -> proceed.run());
	}

	/**
	 * Return the same effect with another timing.
	 * @throws IllegalStateException if the timing is not supported
	 */
	FaultEffect withTiming(FaultTiming other) {
		if (!this.timings.contains(other)) {
			throw new IllegalStateException("'" + this.name + "' cannot be applied at this time of an exchange");
		}
		return new FaultEffect(this.name, this.phases, other, this.timings, this.jobFault, this.headers, this.delivery);
	}

	/**
	 * Return the same effect with a header.
	 * @throws IllegalStateException if the fault does not replace the whole response
	 */
	FaultEffect with(HttpHeader header, String value) {
		if (!this.timings.contains(FaultTiming.READ)) {
			throw new IllegalStateException("'" + this.name + "' does not replace the whole response");
		}
		return new FaultEffect(this.name, this.phases, this.timing, this.timings, this.jobFault, Map.of(header, value),
				this.delivery);
	}

	/**
	 * Return the name of the fault, with the timing if the fault supports several
	 * timings.
	 */
	String description() {
		if (this.timings.size() == 1) {
			return this.name;
		}
		return this.name + switch (this.timing) {
			case UNREAD -> " before reading";
			case READ -> "";
			case ACTED -> " after reading";
		};
	}

	/**
	 * Apply the effect to an exchange.
	 * @param writer the writer of the response
	 * @param answer the correct response, {@code null} if the server has not processed
	 * the request
	 * @param proceed continues the exchange without the fault
	 */
	void apply(ResponseWriter writer, @Nullable EmulatedResponse answer, Runnable proceed) {
		this.headers.forEach(writer::header);
		this.delivery.deliver(writer, answer, proceed);
	}

	private static FaultEffect choosing(String name, FaultTiming timing, FaultTiming other, Delivery delivery) {
		return new FaultEffect(name, phases(Phase.values()), timing, EnumSet.of(timing, other), JobFault.NONE, Map.of(),
				delivery);
	}

	private static FaultEffect answering(String name, Consumer<ResponseWriter> answer) {
		return choosing(name, FaultTiming.READ, FaultTiming.ACTED, (writer, lost, proceed) -> answer.accept(writer));
	}

	private static FaultEffect spoiling(String name, BiConsumer<ResponseWriter, EmulatedResponse> way) {
		return new FaultEffect(name, phases(Phase.values()), FaultTiming.ACTED, EnumSet.of(FaultTiming.ACTED),
				JobFault.NONE, Map.of(),
				(writer, answer, proceed) -> way.accept(writer, Objects.requireNonNull(answer)));
	}

	private static Set<Phase> phases(Phase... phases) {
		return Collections.unmodifiableSet(EnumSet.copyOf(Set.of(phases)));
	}

	/**
	 * Sends the response of a fault to the client.
	 */
	@FunctionalInterface
	interface Delivery {

		void deliver(ResponseWriter writer, @Nullable EmulatedResponse answer, Runnable proceed);

	}

}
