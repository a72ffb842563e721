package io.aki.spring.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

import org.springframework.web.ErrorResponseException;

/**
 * Creates and reads the event ids of reconnectable streams. A token contains the job's id
 * and the position, encrypted (AES-CBC), and a signature (HMAC-SHA256) that also covers
 * the owner and the endpoint. Thread-safe.
 */
final class StreamTokens {

	private static final String MAC = "HmacSHA256";

	private static final String CIPHER = "AES/CBC/PKCS5Padding";

	private static final int BLOCK_LENGTH = 16;

	private static final int SIGNATURE_LENGTH = 32;

	private static final int SECRET_LENGTH = 32;

	private final SecureRandom random = new SecureRandom();

	private final SecretKeySpec signingKey;

	private final SecretKeySpec encryptionKey;

	/**
	 * Create tokens.
	 * @param secret the secret of all instances of the application, {@code null} for a
	 * secret of this process
	 */
	StreamTokens(@Nullable String secret) {
		byte[] bytes = new byte[SECRET_LENGTH];
		if (secret != null) {
			bytes = secret.getBytes(StandardCharsets.UTF_8);
		}
		else {
			this.random.nextBytes(bytes);
		}
		this.signingKey = new SecretKeySpec(derived(bytes, "sign"), MAC);
		this.encryptionKey = new SecretKeySpec(derived(bytes, "encrypt"), "AES");
	}

	/**
	 * The content of a token.
	 *
	 * @param jobId the job's id
	 * @param position what the client has received
	 */
	record Content(String jobId, StreamPosition position) {

	}

	/**
	 * Return a token.
	 * @param owner who may use it
	 * @param endpoint the endpoint of the job
	 */
	String create(Content content, String owner, String endpoint) {
		byte[] jobId = content.jobId().getBytes(StandardCharsets.UTF_8);
		byte[] plain = ByteBuffer.allocate(2 * Integer.BYTES + jobId.length)
			.putInt(content.position().answer())
			.putInt(content.position().thinking())
			.put(jobId)
			.array();
		byte[] vector = new byte[BLOCK_LENGTH];
		this.random.nextBytes(vector);
		byte[] encrypted = crypt(Cipher.ENCRYPT_MODE, plain, vector);
		byte[] body = ByteBuffer.allocate(BLOCK_LENGTH + encrypted.length).put(vector).put(encrypted).array();
		byte[] signature = signature(body, owner, endpoint);
		return Base64.getUrlEncoder()
			.withoutPadding()
			.encodeToString(ByteBuffer.allocate(body.length + SIGNATURE_LENGTH).put(signature).put(body).array());
	}

	/**
	 * Return the content of a token.
	 * @throws ErrorResponseException with status 403, if the token was not created for
	 * the owner and the endpoint
	 */
	Content read(String token, String owner, String endpoint) {
		byte[] bytes = decode(token);
		if (bytes.length < SIGNATURE_LENGTH + 2 * BLOCK_LENGTH) {
			throw new InvalidStreamTokenException();
		}
		byte[] body = Arrays.copyOfRange(bytes, SIGNATURE_LENGTH, bytes.length);
		byte[] signature = Arrays.copyOf(bytes, SIGNATURE_LENGTH);
		if (!MessageDigest.isEqual(signature, signature(body, owner, endpoint))) {
			throw new InvalidStreamTokenException();
		}
		ByteBuffer plain = ByteBuffer.wrap(crypt(Cipher.DECRYPT_MODE,
				Arrays.copyOfRange(body, BLOCK_LENGTH, body.length), Arrays.copyOf(body, BLOCK_LENGTH)));
		StreamPosition position = new StreamPosition(plain.getInt(), plain.getInt());
		return new Content(StandardCharsets.UTF_8.decode(plain).toString(), position);
	}

	private static byte[] decode(String token) {
		try {
			return Base64.getUrlDecoder().decode(token);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidStreamTokenException();
		}
	}

	private byte[] crypt(int mode, byte[] data, byte[] vector) {
		try {
			Cipher cipher = Cipher.getInstance(CIPHER);
			cipher.init(mode, this.encryptionKey, new IvParameterSpec(vector));
			return cipher.doFinal(data);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Sign the body, the owner and the endpoint. Each is preceded by its length, so that
	 * no two combinations are the same bytes.
	 */
	private byte[] signature(byte[] body, String owner, String endpoint) {
		Mac mac = mac(this.signingKey);
		for (byte[] part : new byte[][] { owner.getBytes(StandardCharsets.UTF_8),
				endpoint.getBytes(StandardCharsets.UTF_8), body }) {
			mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
			mac.update(part);
		}
		return mac.doFinal();
	}

	private static byte[] derived(byte[] secret, String purpose) {
		return mac(new SecretKeySpec(secret, MAC)).doFinal(purpose.getBytes(StandardCharsets.UTF_8));
	}

	private static Mac mac(SecretKeySpec key) {
		try {
			Mac mac = Mac.getInstance(MAC);
			mac.init(key);
			return mac;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
