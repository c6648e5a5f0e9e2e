/** What the product says about itself; kept general, so that it stays true under any provider's name and prices. */
export const product = `
Q: How do I create an API key? | How do I make a new key? | Give me an API key | Where do I find my API keys? | generate a key | How can I get an API key? | Where do I make a key? | create a key | I need an API key
A: Open the keys page of your workspace, choose create key, give it a name and copy it. The key is shown only once.
Q: Can I see my API key again? | I lost my API key | I forgot my key | Where can I read my key later?
A: No. A key is shown only once, and only a hash of it is stored. Create a new key and revoke the old one.
Q: How do I revoke an API key? | My key was stolen | Someone has my API key | My API key was published by accident | How do I delete a key? | My key leaked, what should I do? | revoke a key
A: Open the keys page, choose the key and revoke it. It stops working in less than a second.
Q: Do API keys expire? | Can a key expire? | Can I set an expiry date for a key?
A: A key expires when you gave it an expiry date. Without one it works until you revoke it.
Q: What is an API key? | What is a key for? | Why do I need a key?
A: An API key tells the platform who is asking. Send it in the authorization header of each request, and keep it secret.
Q: What is a spend limit? | What are spend limits? | Explain the spend limit | How does the spend limit work?
A: A spend limit is the most that may be spent in a month. Once it is reached, requests are refused until the limit is raised or the next month begins.
Q: How do I set a spend limit? | How can I limit spending? | How do I limit my costs? | How do I control my spending? | How do I change my limit? | How can I raise the limit? | set a limit | raise the spend limit
A: Open the limits page of your workspace, enter an amount in euros and save it. The next request already follows the new limit.
Q: What happens when the limit is reached? | What happens at the spend limit? | Why is my request refused? | Why do I get error 402?
A: The request is answered with status 402. The answer names the limit, what was spent and the page where the limit can be raised.
Q: Can the spend limit be passed? | Can the limit be exceeded? | Can I exceed the limit? | Can I go over my limit? | Can I spend more than the limit? | Is the limit exact?
A: No. The price of a request is reserved before the work begins, so the limit is never passed.
Q: Which limits exist? | Where can I set limits?
A: There are spend limits for a key, for a workspace and for the organization. Each of them holds by itself.
Q: What are rate limits? | What is a rate limit? | Why do I get error 429? | Too many requests
A: A rate limit says how many requests a second and how many tokens a minute are allowed. When it is reached, wait for the time that the answer names.
Q: Where can I see my usage? | How much have I spent? | What did I spend this month? | Show me my spending | How do I see usage? | Show my usage | How much did I use? | How many tokens did I use?
A: Open the usage page. It shows tokens, requests and cost by day, model and key.
Q: How is usage counted? | How are tokens counted? | What am I billed for?
A: Usage is counted in the tokens that the model reads and writes. Each request has a price that was fixed when it began.
Q: How much does it cost? | What are the prices? | What is the price of a model? | How expensive is it?
A: Each model has a price for input tokens and a price for output tokens. You find them on the pricing page.
Q: How do I pay? | How can I pay? | Which payment methods are there? | Can I pay by card?
A: You can pay by card or by bank transfer. Open the billing page to choose how.
Q: Where is my invoice? | How do I get an invoice? | Show my invoices | Where are my invoices?
A: Open the billing page. Each invoice can be opened there, and each line leads to the requests it is made of.
Q: What is the billing cycle? | When am I billed? | When does the month end?
A: The billing cycle is the calendar month. At its end the usage of the month is added up in one summary.
Q: What is the difference between an agent and a model? | What is an agent? | What are agents? | Explain agents
A: An agent is a model with instructions, tools and settings of its own. You build it once, and then you or your team can use it.
Q: How do I build an agent? | How do I create an agent? | make an agent | create an agent
A: Open the agents page, choose create agent, give it a name, a model and instructions, and try it in the preview.
Q: How do I share an agent? | Can my team use my agent? | Who can use my agent? | share an agent
A: Open the agent and choose share. You can share it with a person, with the workspace or with the whole organization.
Q: What is fine-tuning? | Explain fine-tuning | What does fine-tuning do?
A: Fine-tuning trains a model on your own examples, so that it answers in the way they show.
Q: How do I fine-tune a model? | How do I train a model? | start fine-tuning | How do I start a fine-tuning job?
A: Upload a file of examples, open the fine-tuning page, choose a model and start a job. You can watch its loss while it runs.
Q: Which file do I need for fine-tuning? | What is the format of training files? | How should my training file look?
A: A training file is a JSONL file. Each line is one conversation that ends with the answer the model should learn.
Q: Can I cancel a fine-tuning job? | How do I stop a job? | cancel a job
A: Yes. Open the job and choose cancel. What was trained until then is paid for.
Q: How long is my data kept? | What is the retention? | How long do you keep my prompts? | data retention
A: Prompts and answers are kept for thirty days, and then they are deleted. With zero retention they are not stored at all.
Q: What is zero retention? | What is zero data retention? | Explain zero retention | How do I get zero retention?
A: With zero data retention no prompt and no answer is stored. Ask for it on the privacy page; a person decides about it.
Q: Do you train on my data? | Do you learn from my prompts? | Will you use my data for training? | Are my prompts used for training? | Is my data used to train models?
A: On a paid plan your data is never used for training. The terms say what holds for the free plan.
Q: How do I delete my data? | Can I delete my account? | delete my account | How do I close my account?
A: Open the privacy page and ask for deletion. You receive a receipt that counts what was deleted.
Q: What is a workspace? | What is the difference between an organization and a workspace? | What are workspaces for? | Explain workspaces
A: A workspace is a part of your organization. It has its own keys, agents, files, models and limits.
Q: What is an organization? | Explain organizations
A: An organization is the customer: it has members, workspaces, a plan and a contract.
Q: How do I invite a member? | How do I add a person to my team? | invite someone | add a member
A: Open the members page of your organization, enter an e-mail address, choose a role and send the invitation.
Q: Which roles are there? | What can an admin do? | What are the roles?
A: A role says what a member may do. An admin may change members, limits and billing; a developer may create keys and agents.
Q: Which models are there? | What models can I use? | List the models | Which model should I choose?
A: The models page lists every model you may use, with its price and its context length.
Q: What is the playground? | How do I try a model? | Where can I test a prompt?
A: The playground is a page where you can try a model. Choose a model, write a message and read the answer.
Q: How do I call the API? | How do I send a request? | How do I use the API? | Show me how to call the API
A: Send a POST request to /v1/chat/completions with your key, the name of a model and a list of messages.
Q: How do I stream an answer? | What is streaming? | Can I stream answers?
A: Set stream to true in your request. The answer then arrives in small pieces, and the last piece has the usage.
Q: What are embeddings? | What is an embedding? | How do I compute embeddings?
A: An embedding is a list of numbers for a text. Texts with similar meaning have similar numbers. Send them to /v1/embeddings.
Q: What is a tool call? | What are tools? | What is function calling?
A: A tool is a function that you describe to the model. The model may answer with a call of it, and your program runs the call.
Q: What is the context length? | How long can a prompt be? | My prompt is too long
A: The context length is the number of tokens that fit into one request, prompt and answer together.
Q: How do I get help? | How do I contact support? | I need help | I have a problem | Where do I open a ticket?
A: Open the help page and write a ticket. A person reads it and answers you there.
Q: Where is my contract? | Where are the terms? | Which terms apply?
A: Open the contract page of your organization. It shows each clause and what the platform does about it.
Q: What is the audit log? | Who changed the limit? | Where can I see who did what?
A: The audit log lists who did what and when. Open it on the audit page of your organization.
Q: Is the platform down? | Is there a problem today? | Where is the status page?
A: Open the status page. It shows whether each part of the platform works.
Q: What is a plan? | Which plans are there? | What is the free plan?
A: There is a free plan with lower limits, a paid plan that is billed by usage, and orders for large customers.
Q: Why is my account suspended? | My account is blocked
A: An account can be suspended when a payment is missing or the terms were broken. Open the billing page or write a ticket.
Q: What is this platform? | What is this? | What does this platform do? | What is Comptoir?
A: This platform is the counter between you and the models. It gives you keys, limits, usage, agents, fine-tuning and invoices.
`;
