package io.aki.spring.boot.test;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * The way from an answer to its client, with all that can happen to it there. Exactly one
 * of the methods that end the exchange is to be called.
 */
final class ResponseWriter {

	private final EndPoint connection;

	private final Response response;

	private final Callback end;

	private final Timeline timeline;

	private final HeldExchanges held;

	// what sends the body piece by piece, if something does
	private volatile @Nullable IteratingCallback body;

	private final AtomicBoolean ended = new AtomicBoolean();

	ResponseWriter(Request request, Response response, Callback end, Timeline timeline, HeldExchanges held) {
		this.connection = request.getConnectionMetaData().getConnection().getEndPoint();
		this.response = response;
		this.timeline = timeline;
		this.held = held;
		this.end = Callback.from(() -> end(end::succeeded), (failure) -> end(() -> end.failed(failure)));
	}

	void header(HttpHeader name, String value) {
		this.response.getHeaders().put(name, value);
	}

	/**
	 * Sends an answer, as it should be.
	 */
	void write(Answer answer) {
		announce(answer, answer.body().length);
		this.response.write(true, ByteBuffer.wrap(answer.body()), this.end);
	}

	/**
	 * Sends a status and nothing else.
	 */
	void writeEmpty(int status) {
		this.response.setStatus(status);
		this.response.write(true, BufferUtil.EMPTY_BUFFER, this.end);
	}

	/**
	 * Sends half of an answer and closes the connection.
	 */
	void truncate(Answer answer) {
		announce(answer, answer.body().length);
		this.response.write(false, ByteBuffer.wrap(answer.body(), 0, answer.body().length / 2),
				Callback.from(this::cut));
	}

	/**
	 * Sends an answer byte by byte.
	 */
	void trickle(Answer answer, Duration perByte) {
		announce(answer, answer.body().length);
		send(new TricklingBody(answer.body(), perByte, this.timeline, this));
	}

	/**
	 * Sends an answer with padding in it.
	 */
	void pad(Answer answer, long bytes, boolean inChunks) {
		PaddedBody body = new PaddedBody(answer.body(), bytes, this);
		announce(answer, body.length());
		if (inChunks) {
			this.response.getHeaders().remove(HttpHeader.CONTENT_LENGTH);
		}
		send(body);
	}

	/**
	 * Leaves the client waiting.
	 * @param goOn what is to be done in the end
	 */
	void hold(Runnable goOn) {
		this.held.stall(this, goOn);
	}

	/**
	 * Closes the connection.
	 */
	void cut() {
		this.connection.close();
		IteratingCallback sending = this.body;
		if (sending != null) {
			// it finds out by itself: to end the exchange while something is being sent
			// could mean to wait for ever
			sending.iterate();
		}
		else {
			// as a failure it would be logged, and answered on a connection that is gone
			this.end.succeeded();
		}
	}

	/**
	 * Resets the connection.
	 */
	void reset() {
		if (this.connection instanceof SocketChannelEndPoint socket) {
			try {
				// closed like this, a socket sends RST where it would send FIN
				socket.getChannel().setOption(StandardSocketOptions.SO_LINGER, 0);
			}
			catch (IOException ex) {
				// the client was faster in closing it
			}
		}
		cut();
	}

	// once: a connection that is cut fails what was being sent on it as well
	private void end(Runnable notice) {
		if (this.ended.compareAndSet(false, true)) {
			this.held.ended(this);
			notice.run();
		}
	}

	/**
	 * Sends a piece of a body.
	 * @throws EofException if the connection is closed
	 */
	void writePiece(boolean last, ByteBuffer piece, Callback callback) throws EofException {
		if (!isOpen()) {
			throw new EofException();
		}
		this.response.write(last, piece, callback);
	}

	boolean isOpen() {
		return this.connection.isOpen();
	}

	/**
	 * What is to be told when a body has been sent, or cannot be.
	 */
	Callback end() {
		return this.end;
	}

	private void send(IteratingCallback body) {
		this.body = body;
		this.held.slow(this);
		body.iterate();
	}

	private void announce(Answer answer, long length) {
		this.response.setStatus(answer.status());
		this.response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.contentType());
		this.response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
	}

}
