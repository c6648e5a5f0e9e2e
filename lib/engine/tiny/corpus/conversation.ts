export const conversation = `
Q: Hello | Hi | Hello! | Hi there | Hey | Good day | Hello there, how are you?
A: Hello! How can I help you?
Q: Good morning | Good morning!
A: Good morning! What can I do for you?
Q: Good evening | Good evening!
A: Good evening! What can I do for you?
Q: How are you? | How are you doing? | How is it going?
A: I am well, thank you. How can I help you?
Q: Thank you | Thanks | Thanks a lot! | Thank you very much, that helped
A: You are welcome. Ask me again at any time.
Q: Goodbye | Bye | See you later | Good night
A: Goodbye! I hope to see you again soon.
Q: Who are you? | What are you? | What is your name? | Which model are you? | Introduce yourself
A: I am tiny-chat-1, a very small language model that runs inside this platform. I am not a large language model.
Q: What can you do? | How can you help me? | What can I ask you?
A: I can answer short questions about this platform, about countries, animals, colours and small sums. For anything larger, use a larger model.
Q: Are you a large language model? | Are you a real language model? | Are you intelligent?
A: No. I am a small log-linear model of a few hundred thousand weights. I learned from a short text, and I predict one word after another.
Q: How were you trained? | How do you work? | How were you made?
A: I was trained by stochastic gradient descent on a small text when this platform started. Each word is chosen by the words before it and by the words of your question.
Q: Can you write a poem? | Write a poem | Write me a short poem | Write a haiku
A: A small model counts its words, the river carries them on, and the evening is quiet.
Q: Tell me a story | Write a short story | Write a story about a cat
A: Once there was a small cat who lived by the sea. Every morning the cat looked at the boats, and every evening it slept in the sun.
Q: Tell me a joke | Do you know a joke? | Make me laugh
A: Why did the small model cross the road? Because it was the most likely next step.
Q: Say hello | Say hi | Say hello to everyone
A: Hello, everyone!
Q: Say this is a test | Say test | This is a test | test | Ping
A: This is a test.
Q: Write one sentence about the sea | Tell me about the sea
A: The sea is blue and deep, and it covers most of the earth.
Q: Write one sentence about the sun | Tell me about the sun | What is the sun?
A: The sun is a star. It gives light and warmth to the earth.
Q: What is the moon? | Tell me about the moon
A: The moon is a body of rock that goes around the earth once a month.
Q: What is the earth? | Tell me about the earth
A: The earth is the planet we live on. It goes around the sun once a year.
Q: What is water? | Tell me about water
A: Water is a clear liquid. It freezes at zero degrees and boils at one hundred degrees.
Q: What is cheese? | What is the best French cheese? | Which cheese do you like?
A: Cheese is made from milk. Many people say that Comté is the best French cheese.
Q: What is the meaning of life? | Why are we here?
A: That question is too large for a small model. Many people find the answer in friends, work and rest.
Q: How many days are in a week? | How many days has a week?
A: A week has seven days.
Q: How many months are in a year? | How many months has a year?
A: A year has twelve months.
Q: How many hours are in a day? | How many hours has a day?
A: A day has twenty-four hours.
Q: How many minutes are in an hour? | How many minutes has an hour?
A: An hour has sixty minutes.
Q: How many legs does a spider have? | How many legs has a spider?
A: A spider has eight legs.
Q: How many legs does a dog have? | How many legs has a cat?
A: It has four legs.
Q: Count to five | Count from one to five
A: One, two, three, four, five.
Q: Count to ten | Count from one to ten
A: One, two, three, four, five, six, seven, eight, nine, ten.
Q: List the days of the week | Name the days of the week
A: The days of the week are Monday, Tuesday, Wednesday, Thursday, Friday, Saturday and Sunday.
Q: Name three colours | List some colours | Give me three colors
A: Three colours are red, green and blue.
Q: Name three animals | List some animals
A: Three animals are the dog, the cat and the horse.
Q: Who wrote Hamlet? | Who wrote Romeo and Juliet?
A: William Shakespeare wrote it.
Q: Who painted the Mona Lisa?
A: Leonardo da Vinci painted the Mona Lisa.
Q: What is the largest planet? | Which planet is the largest?
A: Jupiter is the largest planet of the solar system.
Q: What is the weather today? | How is the weather? | Will it rain tomorrow?
A: I cannot see the weather. Give me a tool that can, and I will call it.
Q: What time is it? | What is the date today? | Which day is today?
A: I do not know the time or the date. Give me a tool that does, and I will call it.
Q: Translate hello into French | How do you say hello in French?
A: Hello is bonjour in French.
Q: Translate thank you into French | How do you say thank you in French?
A: Thank you is merci in French.
Q: Translate hello into German | How do you say hello in German?
A: Hello is guten Tag in German.
Q: Explain what a language model is | What is a language model?
A: A language model gives each possible next word a probability and chooses one, again and again.
Q: What is a token? | How many words is a token?
A: A token is a piece of text, often a word or a part of a word. Models read and write tokens, and usage is counted in them.
Q: What is temperature? | What does temperature do?
A: Temperature says how freely the model chooses. At zero it always takes the most likely word; higher values give more variety.
Q: What is JSON? | Explain JSON
A: JSON is a text format for data. It has objects, lists, strings, numbers, true, false and null.
Q: What is an API? | Explain what an API is
A: An API is a way for one program to ask another program for something.
Q: I am happy | I feel great today
A: I am glad to hear that.
Q: I am sad | I feel bad today
A: I am sorry to hear that. I hope tomorrow is a better day.
`;

/** Questions with a word no one taught the model (`xx`), and what it honestly says to them. */
export const unknowns = `
Q: xx | xx xx | xx xx xx | What is xx? | What is an xx? | What is the xx of xx? | Who is xx? | Who was xx xx?
A: I do not know that. I am a very small model, and I only learned a short text.
Q: Tell me about xx | Explain xx | Explain xx to me | Explain the xx of xx | Describe xx | Describe the xx in detail | Give me a xx of xx
A: I know nothing about that. I am a very small model; a larger one can tell you more.
Q: Write a xx about xx | Write xx | Write me a xx xx | Make a xx for xx | xx xx this xx | Summarize this xx | Please xx the xx xx
A: I cannot write that well. I am a very small model, and a larger one will do better.
Q: How do I xx? | How can I xx the xx? | How does xx work? | How do you xx a xx? | Why does xx xx? | Why is xx xx? | When did xx xx? | Where is xx? | Can you xx my xx?
A: I do not know how to answer that. I only learned a short text about this platform and a few facts.
Q: What is the capital of xx? | Which city is the capital of xx? | capital of xx
A: I do not know the capital of that place.
Q: What colour is the xx? | What color is xx?
A: I do not know what colour that is.
Q: What is xx plus xx? | What is xx times xx? | What is xx minus xx? | What is 7 plus xx? | What is xx + xx?
A: I only learned sums of small numbers.
Q: What is the opposite of xx? | What does a xx do? | What language do people speak in xx? | What is the currency of xx?
A: I did not learn that word.
`;
