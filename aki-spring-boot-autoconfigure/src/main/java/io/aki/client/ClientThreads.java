package io.aki.client;

import java.util.concurrent.ThreadFactory;

import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.util.ClassUtils;
import org.springframework.util.CustomizableThreadCreator;

/**
 * Makes the threads of a client: daemons, or virtual threads where that is asked for and
 * the JVM has them.
 */
final class ClientThreads {

	static final boolean VIRTUAL_THREADS = ClassUtils.hasMethod(Thread.class, "ofVirtual");

	private ClientThreads() {
	}

	static ThreadFactory named(String name, boolean virtual) {
		String prefix = "aki-client-" + name + "-";
		if (virtual && VIRTUAL_THREADS) {
			return new VirtualThreadTaskExecutor(prefix).getVirtualThreadFactory();
		}
		CustomizableThreadCreator creator = new CustomizableThreadCreator(prefix);
		creator.setDaemon(true);
		return creator::createThread;
	}

}
