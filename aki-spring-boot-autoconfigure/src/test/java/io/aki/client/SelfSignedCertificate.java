package io.aki.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for localhost. Only the SSL context of {@link #client()} trusts it.
 */
public final class SelfSignedCertificate {

	private static final char[] PASSWORD = "changeit".toCharArray();

	private final KeyStore keys;

	private SelfSignedCertificate(KeyStore keys) {
		this.keys = keys;
	}

	/**
	 * Create a certificate with the JDK's keytool.
	 * @param directory an empty directory
	 */
	public static SelfSignedCertificate create(Path directory) throws Exception {
		Path store = directory.resolve("server.p12");
		Path log = directory.resolve("keytool.log");
		Process keytool = new ProcessBuilder(
				List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
						"server", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=localhost", "-ext",
						"san=dns:localhost", "-validity", "3650", "-storetype", "PKCS12", "-keystore", store.toString(),
						"-storepass", new String(PASSWORD)))
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		if (keytool.waitFor() != 0) {
			throw new IllegalStateException("keytool failed: " + Files.readString(log));
		}
		return new SelfSignedCertificate(KeyStore.getInstance(store.toFile(), PASSWORD));
	}

	/**
	 * Write the certificate as PEM.
	 */
	public Path write(Path file) throws IOException, GeneralSecurityException {
		String base64 = Base64.getMimeEncoder().encodeToString(this.keys.getCertificate("server").getEncoded());
		return Files.writeString(file, "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
	}

	/**
	 * Return the SSL context of a server that uses the certificate.
	 */
	public SSLContext server() throws GeneralSecurityException {
		KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		managers.init(this.keys, PASSWORD);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(managers.getKeyManagers(), null, null);
		return context;
	}

	/**
	 * Return the SSL context of a client that trusts the certificate.
	 */
	public SSLContext client() throws GeneralSecurityException, IOException {
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		trusted.load(null, null);
		trusted.setCertificateEntry("server", this.keys.getCertificate("server"));
		TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		managers.init(trusted);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, managers.getTrustManagers(), null);
		return context;
	}

}
