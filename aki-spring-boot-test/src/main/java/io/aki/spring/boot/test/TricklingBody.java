package io.aki.spring.boot.test;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;

import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * Sends a body byte by byte, with a delay between two bytes.
 */
final class TricklingBody extends IteratingCallback {

	private final byte[] body;

	private final Duration perByte;

	private final Timeline timeline;

	private final ResponseWriter writer;

	private int sent;

	private Instant next;

	TricklingBody(byte[] body, Duration perByte, Timeline timeline, ResponseWriter writer) {
		this.body = body;
		this.perByte = perByte;
		this.timeline = timeline;
		this.writer = writer;
		this.next = timeline.now();
	}

	@Override
	protected Action process() throws EofException {
		if (this.sent == this.body.length) {
			return Action.SUCCEEDED;
		}
		if (this.writer.isOpen() && this.next.isAfter(this.timeline.now())) {
			this.timeline.at(this.next, this::iterate);
			return Action.IDLE;
		}
		this.next = this.next.plus(this.perByte);
		ByteBuffer piece = ByteBuffer.wrap(this.body, this.sent, 1);
		this.sent++;
		this.writer.writePiece(this.sent == this.body.length, piece, this);
		return Action.SCHEDULED;
	}

	@Override
	protected void onCompleteSuccess() {
		this.writer.end().succeeded();
	}

	@Override
	protected void onCompleteFailure(Throwable cause) {
		this.writer.end().failed(cause);
	}

}
